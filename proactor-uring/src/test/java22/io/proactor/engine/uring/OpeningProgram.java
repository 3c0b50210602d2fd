package io.proactor.engine.uring;

import io.proactor.Proactor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Opens a proactor and says which it got: {@code OPENED name} or {@code REFUSED exception}. Run in
 * a JVM of its own by {@link RefusalTest}. With an argument it first puts a seccomp filter on its
 * thread, after which the calls of io_uring end with that error number.
 */
final class OpeningProgram {

    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final long SECCOMP_MODE_FILTER = 2;
    private static final int SECCOMP_RET_ERRNO = 0x0005_0000;
    private static final int SECCOMP_RET_ALLOW = 0x7FFF_0000;

    // linux/bpf_common.h
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_GREATER = 0x25;
    private static final int JUMP_IF_NOT_LESS = 0x35;
    private static final int RETURN = 0x06;

    private OpeningProgram() {}

    public static void main(String[] arguments) throws Throwable {
        if (arguments.length > 0) {
            forbid(Integer.parseInt(arguments[0]));
        }
        try (Proactor proactor = Proactor.open()) {
            System.out.println("OPENED " + proactor.processor());
        } catch (Exception e) {
            System.out.println("REFUSED " + e);
        }
    }

    /** seccomp(2): the calls 425 to 427 fail, all others are allowed. */
    @SuppressWarnings("restricted")
    private static void forbid(int errno) throws Throwable {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        MethodHandle prctl = linker.downcallHandle(
                linker.defaultLookup().find("prctl").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, word, word, word,
                        word), Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            long[] filter = {
                instruction(LOAD_WORD, 0, 0, 0),
                instruction(JUMP_IF_NOT_LESS, 0, 2, 425),
                instruction(JUMP_IF_GREATER, 1, 0, 427),
                instruction(RETURN, 0, 0, SECCOMP_RET_ERRNO | errno),
                instruction(RETURN, 0, 0, SECCOMP_RET_ALLOW)};
            MemorySegment program = arena.allocate(16, 8);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) filter.length);
            program.set(word, 8, arena.allocateFrom(word, filter).address());
            int first = (int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
            int second = (int) prctl.invokeExact(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
                    program.address(), 0L, 0L);
            if (first != 0 || second != 0) {
                System.out.println("NO FILTER");
            }
        }
    }

    /** struct sock_filter: code, jump if true, jump if false, constant. */
    private static long instruction(int code, int ifTrue, int ifFalse, int constant) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) constant << 32;
    }
}
