package io.proactor;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages whose end a {@link MessageEnd} finds, from one socket. What came behind a message
 * is the beginning of the next one. A read that fails, is cancelled or times out loses nothing: the
 * next one goes on where it ended.
 *
 * <p>Bound: one buffer as large as the longest message that is allowed.
 *
 * <p>Threads: any, but one read at a time; while one is pending, nothing else may read from the
 * socket.
 */
public final class Messages {

    private final StreamSocket socket;
    private final MessageEnd end;

    // From index 0 to the position what has come; from 0 to consumed what was handed out. Owner:
    // who initiates a read, then the read.
    private final ByteBuffer buffer;
    private int consumed;
    private int looked;  // the end of the next message is not before this

    private boolean reading;  // guarded by this; true exactly while a read is pending

    /**
     * @param bytesMax the length of the longest message that is allowed
     */
    public Messages(StreamSocket socket, int bytesMax, MessageEnd end) {
        this.socket = Objects.requireNonNull(socket, "socket");
        this.end = Objects.requireNonNull(end, "end");
        if (bytesMax < 1) {
            throw new IllegalArgumentException("bytesMax must be positive, not " + bytesMax + ".");
        }
        buffer = ByteBuffer.allocate(bytesMax);
    }

    /** As {@link #read(long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    public <A extends @Nullable Object> ComposedOperation read(A attachment,
            CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        return read(0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read of the next message.
     *
     * <p>Result: its bytes, from position to limit, in a buffer that belongs to the application
     * until it initiates the next read; null if the stream ended before the first byte.
     *
     * <p>Failure: {@link DelimiterNotFoundException} if the message is longer than is allowed;
     * {@link EndOfStreamException} if the stream ended within; what {@link MessageEnd} throws; else
     * as a read.
     *
     * @throws IllegalStateException if a read is pending
     */
    public <A extends @Nullable Object> ComposedOperation read(long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        synchronized (this) {
            if (reading) {
                throw new IllegalStateException("A message is being read already.");
            }
            reading = true;
        }
        boolean initiated = false;
        try {
            Run<A> run = new Run<>(timeout, unit, attachment, handler);
            run.begin();
            initiated = true;
            return run.parts;
        } finally {
            if (!initiated) {
                ended();
            }
        }
    }

    private synchronized void ended() {
        reading = false;
    }

    /** Makes the next message begin at index 0. */
    private void dropConsumed() {
        if (consumed > 0) {
            buffer.flip().position(consumed);
            buffer.compact();
            consumed = 0;
        }
    }

    /** One read of a message: looks, reads some more, and looks again. */
    private final class Run<A extends @Nullable Object>
            implements CompletionHandler<@Nullable Integer, @Nullable Void> {
        private final CurrentPart parts;
        private final A attachment;
        private final CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler;
        private final int filledBefore;

        Run(long timeout, TimeUnit unit, A attachment,
                CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
            parts = new CurrentPart(socket.handle().context(), timeout, unit);
            this.attachment = attachment;
            this.handler = handler;
            dropConsumed();
            filledBefore = buffer.position();
        }

        /** What is there already is looked at by a handler too, not by the initiating call. */
        void begin() {
            if (buffer.position() > looked) {
                if (!socket.handle().tell(null, null, this)) {
                    throw new RejectedExecutionException("The proactor has been shut down.");
                }
            } else {
                parts.begin(socket, this::readSome);
            }
        }

        private long readSome(long timeoutNanos) {
            return socket.read(buffer, timeoutNanos, TimeUnit.NANOSECONDS, null, this);
        }

        @Override
        public void completed(@Nullable Integer count, @Nullable Void none) {
            if (count != null && count < 0) {
                endOfStream();
                return;
            }
            int found;
            try {
                found = end.find(buffer.duplicate().flip(), looked);
            } catch (Throwable e) {
                fail(e);  // errors too: the read must have an end
                return;
            }
            looked = buffer.position();
            if (found > 0 && found <= looked) {
                succeed(found);
            } else if (found != MessageEnd.NOT_YET) {
                fail(new IllegalStateException("The end of a message cannot be at " + found + "."));
            } else if (!buffer.hasRemaining()) {
                fail(new DelimiterNotFoundException(bytesMoved()));
            } else {
                Throwable obstacle = parts.proceed(socket, this::readSome, bytesMoved());
                if (obstacle != null) {
                    fail(obstacle);
                }
            }
        }

        private void succeed(int length) {
            consumed = length;
            looked = 0;
            over();
            handler.completed(buffer.duplicate().position(0).limit(length), attachment);
        }

        private void endOfStream() {
            if (buffer.position() > 0) {
                fail(new EndOfStreamException(bytesMoved()));
            } else {
                over();
                handler.completed(null, attachment);
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            fail(Recounted.of(cause, bytesMoved()));
        }

        private void fail(Throwable cause) {
            over();
            handler.failed(cause, attachment);
        }

        private void over() {
            parts.over();
            ended();
        }

        private int bytesMoved() {
            return buffer.position() - filledBefore;
        }
    }
}
