package io.proactor;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects a socket and writes its first data, as ConnectEx does. A processor that can sends data
 * with the connect; the rest, often nothing, is written when the connection stands.
 *
 * <pre>
 *   CONNECT --connected--> WRITE --all written--> over
 *      |                     |
 *      +------ failure ------+---> over; from WRITE with the socket closed
 * </pre>
 *
 * <p>Threads: its handlers run one after the other, as those of the socket.
 */
final class ConnectAndSend<A extends @Nullable Object> {

    private final StreamSocket socket;
    private final ByteBuffer first;
    private final int total;
    private final CurrentPart parts;
    private final A attachment;
    private final CompletionHandler<? super Integer, ? super A> handler;

    private ConnectAndSend(StreamSocket socket, ByteBuffer first, CurrentPart parts, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        this.socket = socket;
        this.first = first;
        this.total = first.remaining();
        this.parts = parts;
        this.attachment = attachment;
        this.handler = handler;
    }

    /**
     * Initiates it; see {@link StreamSocket#connect(SocketAddress, ByteBuffer, long, TimeUnit,
     * Object, CompletionHandler)}.
     */
    static <A extends @Nullable Object> ComposedOperation initiate(StreamSocket socket,
            SocketAddress remote, ByteBuffer first, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(handler, "handler");
        CurrentPart parts = new CurrentPart(socket.handle().context(), timeout, unit);
        ConnectAndSend<A> whole = new ConnectAndSend<>(socket, first, parts, attachment, handler);
        parts.begin(socket, timeoutNanos -> socket.connect(remote, first, timeoutNanos,
                null, whole.new Connected()));
        return parts;
    }

    private long write(long timeoutNanos) {
        return socket.write(first, timeoutNanos, TimeUnit.NANOSECONDS, null, new Written());
    }

    private void succeed() {
        parts.over();
        handler.completed(total, attachment);
    }

    /** The peer has none of the data, or a part: nothing can be done with such a connection. */
    private void failConnected(Throwable cause) {
        parts.over();
        socket.close();
        handler.failed(Recounted.of(cause, sent()), attachment);
    }

    private int sent() {
        return total - first.remaining();
    }

    private final class Connected implements CompletionHandler<StreamSocket, @Nullable Void> {
        @Override
        public void completed(StreamSocket connected, @Nullable Void nothing) {
            if (!first.hasRemaining()) {
                succeed();
                return;
            }
            Throwable obstacle = parts.proceed(socket, ConnectAndSend.this::write, sent());
            if (obstacle != null) {
                failConnected(obstacle);
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void nothing) {
            parts.over();
            handler.failed(cause, attachment);
        }
    }

    private final class Written implements CompletionHandler<Integer, @Nullable Void> {
        @Override
        public void completed(Integer count, @Nullable Void nothing) {
            succeed();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void nothing) {
            failConnected(cause);
        }
    }
}
