package io.proactor.engine.nio2;

import io.proactor.engine.event.Timed;
import io.proactor.operation.AsynchronousOperation;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Physical writes that the calling thread makes at once. On a thread that is none of the group's
 * the JDK does not try a write with a handler. It registers the descriptor, and since there is
 * nearly always room, that wakes a thread of the group, which makes the write and wakes a
 * dispatcher thread: three system calls and two wake-ups for nothing. A write with a future it
 * tries (sun.nio.ch.UnixAsynchronousSocketChannelImpl.implWrite, attemptWrite).
 *
 * <p>A future tells nobody when it is done. One for which there was no room is looked at from time
 * to time, so that it ends at most half as late again as the peer has made it wait, and a tick of
 * the clock; and the next writes of the connection have a handler, since a peer that reads slowly
 * is likely to go on doing so.
 *
 * <p>Threads: the holder's, but for the deadline.
 */
final class WriteAttempts implements Timed {

    /** Writes with a handler after one for which there was no room: of 64 at most one is late. */
    private static final int CALLED_BACK = 64;

    /** The first look comes after a tick of the clock; to a peer of seconds, 0.1 s are nothing. */
    private static final long LOOK_MIN_NANOS = 1_000_000;
    private static final long LOOK_MAX_NANOS = 100_000_000;

    private final Nio2StreamHandle handle;
    private final Clock clock;

    // Null exactly unless one has found no room; then there is a deadline for the next look. One
    // that comes when it is over is of no consequence: it is not disarmed.
    private @Nullable Future<Integer> pending;
    private long pendingSinceNanos;

    private int calledBack;  // writes to come that are to have a handler

    // True exactly from when a deadline has come until that was seen. Any thread sets it.
    private volatile boolean due;

    WriteAttempts(Nio2StreamHandle handle, Clock clock) {
        this.handle = handle;
        this.clock = clock;
    }

    /**
     * Makes a write, unless it had better have a handler.
     *
     * @param call that has been begun; it lands in here if there was room
     * @return false if nothing was done
     */
    boolean begin(AsynchronousSocketChannel channel, ByteBuffer source,
            PhysicalCall<Integer> call) {
        assert pending == null;
        if (calledBack > 0) {
            calledBack--;
            return false;
        }
        if (handle.onGroupThread()) {
            return false;
        }
        int bytes = source.remaining();
        Future<Integer> future = handle.calls().tryWrite(channel, source);
        if (future == null) {
            return false;
        }
        if (!future.isDone()) {
            pending = future;
            pendingSinceNanos = System.nanoTime();
            lookAfter(LOOK_MIN_NANOS);
        } else if (land(future, call) < bytes) {
            calledBack = CALLED_BACK;
        }
        return true;
    }

    /** In each turn: lands the write that has found no room, if it has found some meanwhile. */
    void look(PhysicalCall<Integer> call) {
        Future<Integer> future = pending;
        if (future == null) {
            return;
        }
        if (future.isDone()) {
            reset();
            calledBack = CALLED_BACK;
            land(future, call);
        } else if (due) {
            long waitedNanos = System.nanoTime() - pendingSinceNanos;
            lookAfter(Math.max(LOOK_MIN_NANOS, Math.min(waitedNanos / 2, LOOK_MAX_NANOS)));
        }
    }

    /** Forgets everything. */
    void reset() {
        pending = null;
        calledBack = 0;
    }

    /** The clock's thread. */
    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        due = true;
        handle.signal();
    }

    private void lookAfter(long nanos) {
        due = false;
        clock.arm(this, null, System.nanoTime() + nanos);
    }

    private static int land(Future<Integer> done, PhysicalCall<Integer> call) {
        try {
            int count = done.get();
            call.completed(count, null);
            return count;
        } catch (ExecutionException e) {
            call.failed(e.getCause(), null);
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError("it is done", e);
        }
    }
}
