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

    private static final int PORT_MAX = 65_535;

    private final Proactor proactor;
    private final Resolver resolver;
    private final Lookups lookups = new Lookups();

    Connector(Proactor proactor) {
        this(proactor, Resolver.system());
    }

    private Connector(Proactor proactor, Resolver resolver) {
        this.proactor = proactor;
        this.resolver = resolver;
    }

    /** Returns a connector that finds the addresses of hosts in another way. */
    public Connector withResolver(Resolver resolver) {
        return new Connector(proactor, Objects.requireNonNull(resolver, "resolver"));
    }

    // ---- To an address ------------------------------------------------------------------------

    /**
     * As {@link #connect(SocketAddress, long, TimeUnit, Object, CompletionHandler)}, no timeout.
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
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
            TimeUnit unit, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
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

    /**
     * Returns a pool of sockets for outgoing connections, of which some are at rest with their
     * descriptors opened in advance.
     *
     * @param minimum how many are made now, and kept at rest even if nobody needs them
     * @param maximum how many may be in use at a time
     */
    public ConnectPool newPool(int minimum, int maximum) {
        return new ConnectPool(proactor, minimum, maximum);
    }

    // ---- To a host ----------------------------------------------------------------------------

    /** As {@link #connect(String, int, long, TimeUnit, Object, CompletionHandler)}, no timeout. */
    public <A extends @Nullable Object> ComposedOperation connect(String host, int port,
            A attachment, CompletionHandler<? super StreamSocket, ? super A> handler) {
        return connect(host, port, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a connect to the first address of a host that answers (RFC 8305). Its addresses are
     * tried in turn, the families alternating: the next one when the one before has failed, or has
     * not answered within 250 ms. The first to succeed is taken; the others are closed. The timeout
     * is for all of it, the lookup of the name included.
     *
     * <p>Result: the connected socket, which then belongs to the application.
     *
     * <p>Failure: {@link java.net.UnknownHostException} or what the resolver throws,
     * {@link java.net.ConnectException} if no address can be connected, and those of any operation.
     * What became of each attempt is among {@link Throwable#getSuppressed()}, with its address.
     *
     * @throws IllegalArgumentException if the port is not between 1 and 65,535
     * @throws java.util.concurrent.RejectedExecutionException if the proactor drains or is shut
     *     down
     */
    public <A extends @Nullable Object> ComposedOperation connect(String host, int port,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(handler, "handler");
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "The port must be between 1 and " + PORT_MAX + ", not " + port + ".");
        }
        return new HostConnect<>(proactor, host, port, unit.toNanos(timeout), attachment, handler)
                .begin(resolver, lookups);
    }

    /** Closes the socket that nobody will see. */
    private static final class Attempt<A extends @Nullable Object>
            implements CompletionHandler<StreamSocket, A> {
        private final StreamHandle handle;
        private final CompletionHandler<? super StreamSocket, ? super A> handler;

        Attempt(StreamHandle handle, CompletionHandler<? super StreamSocket, ? super A> handler) {
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
