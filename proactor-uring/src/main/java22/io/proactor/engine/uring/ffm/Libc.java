package io.proactor.engine.uring.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libc that are used, and no others. Loading this class needs native access.
 *
 * <p>None is a critical downcall: that would hold up each garbage collection for as long as the
 * call takes, and would not show in the time of a system call.
 */
final class Libc {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    /** Where a call leaves its errno: the first argument of each handle, if not said otherwise. */
    static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            CALL_STATE.byteOffset(PathElement.groupElement("errno"));

    /** Variadic after the number; the rest are passed as C passes them to variadic functions. */
    static final MethodHandle SYSCALL = function("syscall",
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
            Linker.Option.firstVariadicArg(1), ERRNO);
    static final MethodHandle MMAP = function("mmap",
            FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG), ERRNO);
    static final MethodHandle MUNMAP = function("munmap",
            FunctionDescriptor.of(INT, LONG, LONG), ERRNO);
    static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT), ERRNO);
    static final MethodHandle SOCKET = function("socket",
            FunctionDescriptor.of(INT, INT, INT, INT), ERRNO);
    static final MethodHandle BIND = function("bind",
            FunctionDescriptor.of(INT, INT, LONG, INT), ERRNO);
    static final MethodHandle LISTEN = function("listen",
            FunctionDescriptor.of(INT, INT, INT), ERRNO);
    static final MethodHandle SHUTDOWN = function("shutdown",
            FunctionDescriptor.of(INT, INT, INT), ERRNO);
    static final MethodHandle GETSOCKNAME = function("getsockname",
            FunctionDescriptor.of(INT, INT, LONG, LONG), ERRNO);
    static final MethodHandle GETPEERNAME = function("getpeername",
            FunctionDescriptor.of(INT, INT, LONG, LONG), ERRNO);
    static final MethodHandle SETSOCKOPT = function("setsockopt",
            FunctionDescriptor.of(INT, INT, INT, INT, LONG, INT), ERRNO);
    static final MethodHandle GETSOCKOPT = function("getsockopt",
            FunctionDescriptor.of(INT, INT, INT, INT, LONG, LONG), ERRNO);
    static final MethodHandle SEND = function("send",
            FunctionDescriptor.of(LONG, INT, LONG, LONG, INT), ERRNO);
    static final MethodHandle RECV = function("recv",
            FunctionDescriptor.of(LONG, INT, LONG, LONG, INT), ERRNO);
    static final MethodHandle EVENTFD = function("eventfd",
            FunctionDescriptor.of(INT, INT, INT), ERRNO);
    /** Without errno, so that any thread can call it without memory of its own. */
    static final MethodHandle EVENTFD_WRITE = function("eventfd_write",
            FunctionDescriptor.of(INT, INT, LONG));
    /** Without errno, for the same reason. */
    static final MethodHandle EVENTFD_READ = function("eventfd_read",
            FunctionDescriptor.of(INT, INT, LONG));
    static final MethodHandle PIPE2 = function("pipe2",
            FunctionDescriptor.of(INT, LONG, INT), ERRNO);
    static final MethodHandle OPEN = function("open",
            FunctionDescriptor.of(INT, LONG, INT, INT), Linker.Option.firstVariadicArg(2), ERRNO);
    static final MethodHandle LSEEK = function("lseek",
            FunctionDescriptor.of(LONG, INT, LONG, INT), ERRNO);
    static final MethodHandle PREAD = function("pread",
            FunctionDescriptor.of(LONG, INT, LONG, LONG, LONG), ERRNO);
    static final MethodHandle SENDFILE = function("sendfile",
            FunctionDescriptor.of(LONG, INT, INT, LONG, LONG), ERRNO);
    static final MethodHandle IOCTL = function("ioctl",
            FunctionDescriptor.of(INT, INT, LONG, LONG), Linker.Option.firstVariadicArg(2), ERRNO);

    private Libc() {}

    /** Returns the error of the call that was given this call state, positive. */
    static int errno(MemorySegment callState) {
        return callState.get(INT, ERRNO_OFFSET);
    }

    /** A downcall throws nothing but errors of the JVM and of our use of it. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        return new IllegalStateException(thrown);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type,
            Linker.Option... options) {
        MemorySegment symbol = LINKER.defaultLookup().find(name).orElseThrow(
                () -> new UnsatisfiedLinkError("libc has no function " + name));
        return LINKER.downcallHandle(symbol, type, options);
    }
}
