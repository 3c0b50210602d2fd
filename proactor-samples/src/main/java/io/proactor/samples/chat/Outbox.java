package io.proactor.samples.chat;

import io.proactor.OperationTimedOutException;
import io.proactor.StreamSocket;
import io.proactor.WriteQueueFullException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one client: lines, which wait in the socket's queue up to a bound. A client that
 * lets more than that wait, or one of them for too long, is cut. It leaves the hall as everybody
 * does, when its read fails.
 *
 * <p>Threads: any. Lines of one thread arrive in their order.
 */
final class Outbox implements CompletionHandler<Integer, @Nullable Void> {

    private final StreamSocket socket;
    private final long bytesMax;
    private final ChatCounters counters;
    private final SlowReaders slowReaders;
    private final LongSupplier clock;
    private boolean cut;  // true exactly when the client was counted as cut; guarded by this

    Outbox(StreamSocket socket, long bytesMax, ChatCounters counters, SlowReaders slowReaders,
            LongSupplier clock) {
        this.socket = socket;
        this.bytesMax = bytesMax;
        this.counters = counters;
        this.slowReaders = slowReaders;
        this.clock = clock;
    }

    /** Sends a line, which others may be sending too: its position stays. */
    void send(ByteBuffer line) {
        if (!socket.isOpen()) {
            return;
        }
        if (socket.bytesQueued() + line.remaining() > bytesMax) {
            cut();
            return;
        }
        try {
            socket.write(line.duplicate(), ChatLimits.WRITE_SECONDS, TimeUnit.SECONDS, null, this);
            counters.linesSent.increment();
        } catch (WriteQueueFullException e) {
            cut();
        } catch (RejectedExecutionException e) {
            socket.close();  // The server ends; nothing is sent any more.
        }
    }

    /** Sends a last line, and closes when it is out. */
    void dismiss(ByteBuffer line) {
        try {
            socket.write(line.duplicate(), ChatLimits.FAREWELL_SECONDS, TimeUnit.SECONDS, null,
                    new Dismissal());
        } catch (WriteQueueFullException | RejectedExecutionException e) {
            socket.close();
        }
    }

    /** Has what is queued go out, and hangs up in good order. No read may be pending. */
    void end() {
        new Farewell(socket, clock).begin();
    }

    @Override
    public void completed(Integer bytes, @Nullable Void attachment) {
        // There is nothing to do: the queue is the socket's.
    }

    @Override
    public void failed(Throwable cause, @Nullable Void attachment) {
        if (cause instanceof OperationTimedOutException) {
            cut();
        } else {
            socket.close();
        }
    }

    private void cut() {
        synchronized (this) {
            if (cut) {
                return;
            }
            cut = true;
        }
        slowReaders.cut(socket.remoteAddress(), socket.bytesQueued());
        socket.close();
    }

    /** The handler of a last line. */
    private final class Dismissal implements CompletionHandler<Integer, @Nullable Void> {
        @Override
        public void completed(Integer bytes, @Nullable Void attachment) {
            socket.close();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void attachment) {
            socket.close();
        }
    }
}
