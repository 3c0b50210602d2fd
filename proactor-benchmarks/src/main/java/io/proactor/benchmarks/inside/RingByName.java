package io.proactor.benchmarks.inside;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.CompilerControl;

/**
 * The ring of {@code proactor-uring}, found by name, since its classes are for the release 22 and
 * this module compiles for 17. The handles are constants, so compiled code calls what they name as
 * if it were written here.
 *
 * <p>Threads: the one that opened it.
 */
final class RingByName implements AutoCloseable {

    private static final String PACKAGE = "io.proactor.engine.uring.ffm.";
    private static final int RELEASE = 22;

    private static final @Nullable String MISSING;
    private static final @Nullable MethodHandle OPEN;
    private static final @Nullable MethodHandle ENABLE;
    private static final @Nullable MethodHandle PREPARE;
    private static final @Nullable MethodHandle ENTER;
    private static final @Nullable MethodHandle REAP;
    private static final @Nullable MethodHandle CLOSE;
    private static final int SETUP_FLAGS;

    static {
        MethodHandle open = null;
        MethodHandle enable = null;
        MethodHandle prepare = null;
        MethodHandle enter = null;
        MethodHandle reap = null;
        MethodHandle close = null;
        String missing = null;
        int flags = 0;
        int release = Runtime.version().feature();
        if (release < RELEASE) {
            missing = "io_uring needs Java " + RELEASE + " or later, and this is " + release;
        } else {
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                Class<?> ring = Class.forName(PACKAGE + "Ring");
                Class<?> kernelRing = Class.forName(PACKAGE + "KernelRing");
                flags = Class.forName(PACKAGE + "SetupFlags").getField("REQUIRED").getInt(null);
                open = lookup.findStatic(kernelRing, "open",
                        MethodType.methodType(kernelRing, int.class, int.class, int.class));
                open = open.asType(open.type().changeReturnType(Object.class));
                enable = onObject(lookup, ring, "enable", void.class);
                prepare = onObject(lookup, ring, "prepare", void.class, int.class, int.class,
                        int.class, int.class, long.class, long.class, int.class, int.class,
                        int.class, int.class, long.class);
                enter = onObject(lookup, ring, "enter", int.class, int.class, long.class);
                reap = onObject(lookup, ring, "reap", int.class, long[].class, int[].class,
                        int[].class);
                close = onObject(lookup, ring, "close", void.class);
            } catch (ReflectiveOperationException e) {
                missing = "no proactor-uring.jar with the part for Java " + RELEASE + ": " + e;
            }
        }
        MISSING = missing;
        OPEN = open;
        ENABLE = enable;
        PREPARE = prepare;
        ENTER = enter;
        REAP = reap;
        CLOSE = close;
        SETUP_FLAGS = flags;
    }

    private final Object ring;

    /**
     * Opens one and makes the calling thread its owner.
     *
     * @throws IllegalStateException if it is not to be had; the message says why
     */
    RingByName(int submissionEntries, int completionEntries) {
        if (MISSING != null) {
            throw new IllegalStateException(MISSING);
        }
        try {
            ring = (Object) OPEN.invokeExact(submissionEntries, completionEntries, SETUP_FLAGS);
            ENABLE.invokeExact(ring);
        } catch (Throwable thrown) {
            throw new IllegalStateException("io_uring is refused: " + thrown, thrown);
        }
    }

    /** Returns why there is none, null if there is. */
    static @Nullable String refusal() {
        try (RingByName ring = new RingByName(1, 2)) {
            return ring.enter(0) < 0 ? "io_uring does not work" : null;
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    private static MethodHandle onObject(MethodHandles.Lookup lookup, Class<?> owner, String name,
            Class<?> result, Class<?>... parameters) throws ReflectiveOperationException {
        MethodHandle handle =
                lookup.findVirtual(owner, name, MethodType.methodType(result, parameters));
        return handle.asType(handle.type().changeParameterType(0, Object.class));
    }

    /**
     * Fills an entry as a receive does, with an operation that the kernel does nothing for. Not
     * inlined, as it need not be where the loop's code is compiled: in a loop of nothing else it
     * took 2 ns in one JVM and 27 in the next, which is no measure of what a loop has of it.
     */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    void prepareNop(int fd, long address, int length, long userData) {
        try {
            PREPARE.invokeExact(ring, 0, 0, 0, fd, 0L, address, length, 0, 0, 0, userData);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** Submits what is prepared and waits for so many completions. */
    int enter(int waitFor) {
        try {
            return (int) ENTER.invokeExact(ring, waitFor, -1L);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** Takes completions. */
    int reap(long[] userData, int[] results, int[] flags) {
        try {
            return (int) REAP.invokeExact(ring, userData, results, flags);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    @Override
    public void close() {
        try {
            CLOSE.invokeExact(ring);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
