package io.proactor;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one socket into another, until the stream ends; then it ends the other
 * socket's outgoing direction. What has been read is written before more is read, so a slow reader
 * at the far end slows the sender down, and a pipe holds one buffer of 64 KiB, whatever it moves.
 *
 * <p>A run that fails, is cancelled or times out loses nothing: what was read and not yet written
 * stays in the pipe, and the next run begins with it. A pipe closes neither socket.
 *
 * <p>While a pipe runs, nothing else may read from the one socket or write to the other.
 *
 * <p>Threads: every method may be called by any thread.
 */
public final class Pipe {

    /** As much as the processors move in one call; a larger one only keeps more memory. */
    private static final int BUFFER_BYTES = 64 * 1024;

    /**
     * How many bytes the two directions of a connection have moved.
     *
     * @param forth by the first pipe
     * @param back by the second
     */
    public record Moved(long forth, long back) {}

    private final StreamSocket from;
    private final StreamSocket to;

    // Holds, ready to be read, what was read and not yet written. Owner: the run.
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();

    // Written by the handlers of the run, which do not overlap.
    private volatile long bytesMoved;

    private boolean running;  // guarded by this; true exactly from start to the run's end

    /** Makes a pipe that is empty and does not run. */
    public Pipe(StreamSocket from, StreamSocket to) {
        this.from = Objects.requireNonNull(from, "from");
        this.to = Objects.requireNonNull(to, "to");
    }

    /** As {@link #start(long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    public <A extends @Nullable Object> ComposedOperation start(A attachment,
            CompletionHandler<? super Long, ? super A> handler) {
        return start(0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a run: up to the end of the stream, or until {@code timeout} has elapsed.
     *
     * <p>Result: the number of bytes that this run has written, when all are written and the
     * outgoing direction of the other socket is ended.
     *
     * <p>Failure: that of the read or the write that failed; where it counts bytes, it counts those
     * that this run has written. Nothing is closed, and nothing ended.
     *
     * @throws IllegalStateException if the pipe runs, or a read is pending on the one socket
     * @throws java.nio.channels.NotYetConnectedException if the one socket was never connected
     */
    public <A extends @Nullable Object> ComposedOperation start(long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super Long, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        synchronized (this) {
            if (running) {
                throw new IllegalStateException("The pipe runs.");
            }
            running = true;
        }
        boolean begun = false;
        try {
            ComposedOperation run = new PipeRun<>(this, attachment, handler).begin(timeout, unit);
            begun = true;
            return run;
        } finally {
            if (!begun) {
                ended();
            }
        }
    }

    /**
     * As {@link #startBoth(Pipe, Pipe, long, TimeUnit, Object, CompletionHandler)}, no timeout.
     */
    public static <A extends @Nullable Object> ComposedOperation startBoth(Pipe forth, Pipe back,
            A attachment, CompletionHandler<? super Moved, ? super A> handler) {
        return startBoth(forth, back, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates the runs of the two pipes of a proxied connection, as one operation. When the one
     * stream ends, the other direction goes on. When the one fails, the other is cancelled; but if
     * that was because the proactor drains, the other may finish what it finds.
     *
     * <p>Result: what both runs have moved, when both streams have ended.
     *
     * <p>Failure: the first one, when both runs are over; where it counts bytes, it counts those of
     * both.
     */
    public static <A extends @Nullable Object> ComposedOperation startBoth(Pipe forth, Pipe back,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Moved, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        return new PipePair<>(attachment, handler).begin(forth, back, timeout, unit);
    }

    /** Returns how many bytes all runs have written so far. */
    public long bytesMoved() {
        return bytesMoved;
    }

    // ---- For the run --------------------------------------------------------------------------

    StreamSocket from() {
        return from;
    }

    StreamSocket to() {
        return to;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** One handler of the run at a time. */
    void moved(long count) {
        assert count >= 0;
        bytesMoved += count;
    }

    /** The run is over; from here on another one may begin. */
    synchronized void ended() {
        assert running;
        running = false;
    }
}
