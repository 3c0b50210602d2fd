package io.proactor.samples.chat;

import io.proactor.StreamSocket;
import io.proactor.WriteQueueFullException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The end of a connection in good order: what is queued goes out, then the end of the stream, and
 * what the client still sends is dropped until it hangs up too. A socket that is closed with bytes
 * unread would be reset, and the client might lose the last lines (RFC 2525, section 2.17).
 */
final class Farewell implements CompletionHandler<Integer, Farewell.Step> {

    /** What the farewell is waiting for. */
    enum Step { FLUSH, HANG_UP }

    private static final int DROPPED_BYTES = 1024;

    private final StreamSocket socket;
    private final ByteBuffer dropped = ByteBuffer.allocate(DROPPED_BYTES);
    private final LongSupplier clock;
    private final long deadlineNanos;

    Farewell(StreamSocket socket, LongSupplier clock) {
        this.clock = clock;
        deadlineNanos =
                clock.getAsLong() + TimeUnit.SECONDS.toNanos(ChatLimits.FAREWELL_SECONDS);
        this.socket = socket;
    }

    void begin() {
        try {
            // A write of nothing is complete when the writes before it are.
            socket.write(ByteBuffer.allocate(0), leftNanos(), TimeUnit.NANOSECONDS, Step.FLUSH,
                    this);
        } catch (WriteQueueFullException | RejectedExecutionException e) {
            socket.close();
        }
    }

    @Override
    public void completed(Integer bytes, Step step) {
        if (step == Step.FLUSH) {
            socket.shutdownOutput();
            drop();
        } else if (bytes < 0 || clock.getAsLong() - deadlineNanos >= 0) {
            socket.close();
        } else {
            drop();
        }
    }

    @Override
    public void failed(Throwable cause, Step step) {
        socket.close();
    }

    private void drop() {
        try {
            socket.read(dropped.clear(), leftNanos(), TimeUnit.NANOSECONDS, Step.HANG_UP, this);
        } catch (RejectedExecutionException e) {
            socket.close();
        }
    }

    /** At least 1, since 0 would mean never. */
    private long leftNanos() {
        return Math.max(1, deadlineNanos - clock.getAsLong());
    }
}
