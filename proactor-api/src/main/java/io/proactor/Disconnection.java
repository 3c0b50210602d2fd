package io.proactor;

import io.proactor.operation.DisconnectOperation;
import io.proactor.operation.ReadOperation;
import io.proactor.spi.StreamHandle;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One disconnect of a socket: ends the output behind the queued writes, reads and drops what the
 * peer still sends, and then has the processor take the connection away.
 *
 * <p>Threads: asked for by any; then the handlers of one socket, which do not overlap.
 */
final class Disconnection<A extends @Nullable Object> {

    /** Per read. A peer that still has much to say costs a call for each. */
    private static final int DROPPED_BYTES = 4_096;

    private final StreamSocket socket;
    private final StreamHandle handle;
    private final StreamInitiator initiator;
    private final long deadlineNanos;
    private final boolean limited;  // true exactly if there is a deadline
    private final A attachment;
    private final CompletionHandler<? super StreamSocket, ? super A> handler;
    private final ByteBuffer dropped = ByteBuffer.allocate(DROPPED_BYTES);

    // The handlers'. True exactly from that moment.
    private boolean flushed;    // nothing waits to be written any more
    private boolean peerEnded;  // the peer has ended its side
    private boolean releasing;  // the processor takes the connection, or it is lost already

    // Not null exactly from when the connection was cut: the limit had passed, or it was cancelled.
    private @Nullable Throwable cut;

    Disconnection(StreamSocket socket, long limitNanos, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        this.socket = socket;
        this.attachment = attachment;
        this.handler = handler;
        handle = socket.handle();
        initiator = socket.initiator();
        limited = limitNanos > 0;
        deadlineNanos = handle.context().nanoTime() + Math.min(limitNanos, Long.MAX_VALUE >> 1);
    }

    /**
     * Returns the id of a file's write, behind which the connection ends if the flags say so.
     *
     * @param limitNanos for the peer's end, counted from the last byte; 0 or less for none
     */
    static <A extends @Nullable Object> long behind(StreamSocket socket, SendFileFlag[] flags,
            long limitNanos, CompletionHandler<? super Long, ? super A> handler,
            ToLongFunction<CompletionHandler<? super Long, ? super A>> write) {
        List<SendFileFlag> asked = Arrays.asList(flags);
        boolean reuse = asked.contains(SendFileFlag.REUSE);
        if (!asked.contains(SendFileFlag.DISCONNECT)) {
            if (reuse) {
                throw new IllegalArgumentException("REUSE needs DISCONNECT.");
            }
            return write.applyAsLong(handler);
        }
        return write.applyAsLong(new CompletionHandler<Long, A>() {
            @Override
            public void completed(Long count, A attachment) {
                try {
                    new Disconnection<>(socket, limitNanos, attachment,
                            ended(socket, count, reuse, handler)).begin();
                } catch (IllegalStateException | RejectedExecutionException e) {
                    // A read is pending, say. The bytes are out all the same.
                    handler.failed(new TransferFailedException(count, e), attachment);
                }
            }

            @Override
            public void failed(Throwable cause, A attachment) {
                handler.failed(cause, attachment);
            }
        });
    }

    private static <A extends @Nullable Object> CompletionHandler<StreamSocket, A> ended(
            StreamSocket socket, Long count, boolean reuse,
            CompletionHandler<? super Long, ? super A> handler) {
        return new CompletionHandler<>() {
            @Override
            public void completed(StreamSocket same, A attachment) {
                if (!reuse) {
                    socket.close();
                }
                handler.completed(count, attachment);
            }

            @Override
            public void failed(Throwable cause, A attachment) {
                if (!reuse) {
                    socket.close();
                }
                handler.failed(Recounted.of(cause, count), attachment);
            }
        };
    }

    /** Any thread. */
    void begin() {
        try {
            initiator.disconnecting();
        } catch (IllegalStateException e) {
            socket.countRefusedReturn();
            throw e;
        }
        // The rest is for a handler of this socket: the end of a part may be the end of the
        // connection, and must not come while a later part is about to begin.
        ReadOperation read = null;
        boolean begun = false;
        try {
            read = initiator.claimRead();  // it is refused while the application reads
            begun = handle.tell(null, null, new Beginning(read));
            if (!begun) {
                throw Termination.refused();
            }
        } finally {
            if (!begun) {
                if (read != null) {
                    handle.abandon(read);
                }
                initiator.disconnected();
            }
        }
    }

    private final class Beginning implements CompletionHandler<@Nullable Void, @Nullable Void> {
        private final @Nullable ReadOperation first;

        Beginning(@Nullable ReadOperation first) {
            this.first = first;
        }

        @Override
        public void completed(@Nullable Void nothing, @Nullable Void none) {
            flushed = handle.writesQueued() == 0;
            handle.onWritable(null);  // nobody can write any more
            if (!flushed) {
                flush();
            }
            handle.shutdownOutput();
            try {
                read(first);
            } catch (RejectedExecutionException e) {
                fail(new ProactorShutdownException(0));
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            throw new AssertionError("it was told", cause);
        }
    }

    private void read(@Nullable ReadOperation claimed) {
        initiator.drop(claimed, dropped.clear(), nanosLeft(), new Dropping());
    }

    private long nanosLeft() {
        return limited ? Math.max(1, deadlineNanos - handle.context().nanoTime()) : 0;
    }

    /**
     * A peer may have ended its side long ago and still want what is queued. A write of nothing
     * tells when all before it is out.
     */
    private void flush() {
        try {
            initiator.mark(nanosLeft(), new Flushing());
        } catch (RejectedExecutionException e) {
            // The proactor has ended, which the read tells.
        }
    }

    private final class Dropping implements CompletionHandler<Integer, @Nullable Void> {
        @Override
        public void completed(Integer count, @Nullable Void none) {
            if (releasing) {
                return;
            }
            if (count < 0) {
                peerEnded = true;
                releaseIfDone();
                return;
            }
            try {
                read(initiator.claimRead());
            } catch (RejectedExecutionException e) {
                fail(new ProactorShutdownException(0));
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            ended(cause);
        }
    }

    private final class Flushing implements CompletionHandler<Integer, @Nullable Void> {
        @Override
        public void completed(Integer count, @Nullable Void none) {
            flushed = true;
            releaseIfDone();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            ended(cause);
        }
    }

    private void releaseIfDone() {
        if (flushed && peerEnded && !releasing) {
            release();
        }
    }

    /** One of the two directions has failed: the connection is lost, or is cut off now. */
    private void ended(Throwable cause) {
        if (releasing) {
            return;
        }
        if (cause instanceof SocketClosedException || cause instanceof ProactorShutdownException) {
            fail(cause);
            return;
        }
        if (cause instanceof OperationTimedOutException
                || cause instanceof OperationCancelledException) {
            cut = cause;
        }
        release();  // else the peer has ended it in its own way
    }

    private void release() {
        releasing = true;
        try {
            DisconnectOperation operation = handle.disconnect();
            if (operation == null || !handle.claim(operation)) {
                fail(new SocketClosedException(0));
                return;
            }
            operation.prepare(socket, null, new Releasing());
            handle.initiate(operation);
        } catch (RejectedExecutionException e) {
            fail(new ProactorShutdownException(0));
        }
    }

    private final class Releasing implements CompletionHandler<StreamSocket, @Nullable Void> {
        @Override
        public void completed(StreamSocket socket, @Nullable Void none) {
            initiator.released();
            socket.rest();
            if (cut == null) {
                handler.completed(socket, attachment);
            } else {
                handler.failed(cut, attachment);
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            fail(cause);
        }
    }

    /** The connection is given up, and the handle with it, before anybody is told. */
    private void fail(Throwable cause) {
        releasing = true;
        handle.close();
        initiator.disconnected();
        handler.failed(cause, attachment);
    }
}
