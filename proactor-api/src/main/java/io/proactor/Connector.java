package io.proactor;

import io.proactor.spi.StreamHandle;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections. A socket that cannot be connected is closed; to try again with the same
 * socket, use {@link Proactor#newSocket()} and {@link StreamSocket#connect}.
 *
 * <p>Threads: every method may be called by any thread.
 */
public final class Connector {

    private final Proactor proactor;

    Connector(Proactor proactor) {
        this.proactor = proactor;
    }

    /**
     * As {@link #connect(SocketAddress, long, TimeUnit, Object, CompletionHandler)}, no timeout.
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, A attachment,
            CompletionHandler<StreamSocket, ? super A> handler) {
        return connect(remote, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a connect to {@code remote}. A timeout of 0 or less leaves it to the system.
     *
     * <p>Result: the connected socket, which then belongs to the application.
     *
     * <p>Failure: {@link java.net.ConnectException} if nobody listens there, and others, at
     * {@code failed}.
     *
     * @return the operation's id, for {@link Proactor#cancel}
     * @throws java.util.concurrent.RejectedExecutionException if the proactor drains or is shut
     *     down
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<StreamSocket, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        StreamHandle handle = proactor.openStream();
        boolean initiated = false;
        try {
            long id = proactor.newSocket(handle)
                    .connect(remote, timeout, unit, attachment, new Attempt<>(handle, handler));
            initiated = true;
            return id;
        } finally {
            if (!initiated) {
                handle.close();
            }
        }
    }

    /** Closes the socket that nobody will see. */
    private static final class Attempt<A extends @Nullable Object>
            implements CompletionHandler<StreamSocket, A> {
        private final StreamHandle handle;
        private final CompletionHandler<StreamSocket, ? super A> handler;

        Attempt(StreamHandle handle, CompletionHandler<StreamSocket, ? super A> handler) {
            this.handle = handle;
            this.handler = handler;
        }

        @Override
        public void completed(StreamSocket socket, A attachment) {
            handler.completed(socket, attachment);
        }

        @Override
        public void failed(Throwable cause, A attachment) {
            handle.close();
            handler.failed(cause, attachment);
        }
    }
}
