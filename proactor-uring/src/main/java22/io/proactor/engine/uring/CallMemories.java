package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SystemCallException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The memory for calls past the ring that no call is using. Not one for each thread: initiators may
 * have any number of threads, and few of them call at the same moment.
 *
 * <p>Threads: any. Bound: as many are in use as threads are in such a call.
 */
final class CallMemories implements AutoCloseable {

    /** Kept for the next calls: 1 MiB. A power of two. */
    private static final int KEPT_MAX = 16;

    private final AtomicReferenceArray<@Nullable CallMemory> free =
            new AtomicReferenceArray<>(KEPT_MAX);

    private volatile boolean closed;  // true exactly from close

    /**
     * Returns memory that is the caller's until it gives it back.
     *
     * @throws SystemCallException ENOMEM
     */
    CallMemory take() throws SystemCallException {
        CallMemory taken = takeFree();
        return taken != null ? taken : new CallMemory();
    }

    private @Nullable CallMemory takeFree() {
        int first = firstOf(Thread.currentThread());
        for (int i = 0; i < KEPT_MAX; i++) {
            int index = first + i & KEPT_MAX - 1;
            if (free.getPlain(index) != null) {
                CallMemory taken = free.getAndSet(index, null);
                if (taken != null) {
                    return taken;
                }
            }
        }
        return null;
    }

    void giveBack(CallMemory unused) {
        int first = firstOf(Thread.currentThread());
        for (int i = 0; i < KEPT_MAX; i++) {
            int index = first + i & KEPT_MAX - 1;
            if (free.getPlain(index) == null && free.compareAndSet(index, null, unused)) {
                if (closed) {
                    close();  // it may have looked there before
                }
                return;
            }
        }
        unused.free();
    }

    /** Threads begin to look at different places, so that they seldom meet. */
    private static int firstOf(Thread thread) {
        return (int) thread.threadId() & KEPT_MAX - 1;
    }

    /** What is in use goes when it is given back. */
    @Override
    public void close() {
        closed = true;
        CallMemory unused = takeFree();
        while (unused != null) {
            unused.free();
            unused = takeFree();
        }
    }
}
