package io.proactor.provider;

import io.proactor.spi.ListenHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A listener of a group, or one that is yet to be bound. Any thread may call every method. */
final class ProviderServerChannel extends AsynchronousServerSocketChannel {

    /** What the JDK takes for a backlog of 0 or less (sun.nio.ch). */
    private static final int BACKLOG = 50;

    private final ProviderGroup group;
    private final Object lock = new Object();

    // Written under the lock; null until bound. Read by any thread.
    private volatile @Nullable Listening listening;

    private final UnboundListener unbound = new UnboundListener();  // guarded by lock

    private volatile boolean closed;  // true exactly from the first close; written under the lock

    /**
     * @throws java.nio.channels.ShutdownChannelGroupException if the group is shut down
     */
    @SuppressWarnings("this-escape")  // the group only keeps the reference
    ProviderServerChannel(AsynchronousChannelProvider provider, ProviderGroup group) {
        super(provider);
        this.group = group;
        group.register(this);
    }

    @Override
    public AsynchronousServerSocketChannel bind(@Nullable SocketAddress local, int backlog)
            throws IOException {
        if (local != null && !(local instanceof InetSocketAddress)) {
            throw new UnsupportedAddressTypeException();
        }
        synchronized (lock) {
            requireOpen();
            if (listening != null) {
                throw new AlreadyBoundException();
            }
            ListenHandle handle = group.processor().listen(local,
                    backlog < 1 ? BACKLOG : backlog, unbound.options());
            unbound.close();
            listening = new Listening(this, group, handle);
        }
        return this;
    }

    @Override
    public <A> void accept(@Nullable A attachment,
            CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        initiate(attachment, Objects.requireNonNull(handler, "handler"));
    }

    @Override
    @SuppressWarnings("NullAway")  // without a handler there is a future
    public Future<AsynchronousSocketChannel> accept() {
        return initiate(null, null);
    }

    private <A> @Nullable Future<AsynchronousSocketChannel> initiate(@Nullable A attachment,
            @Nullable CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        if (!isOpen()) {
            return Outstanding.refuse(group.threads(), attachment, handler);
        }
        Listening bound = listening;
        if (bound == null) {
            throw new NotYetBoundException();
        }
        return bound.accept(attachment, handler);
    }

    // ---- What is known of it ------------------------------------------------------------------

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        requireOpen();
        Listening bound = listening;
        return bound == null ? null : bound.handle().localAddress();
    }

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> option, T value)
            throws IOException {
        Objects.requireNonNull(option, "option");
        ProviderOptions.require(ProviderOptions.OF_LISTENERS, option);
        synchronized (lock) {
            requireOpen();
            if (listening != null) {
                listening.handle().setOption(option, value);
            } else {
                unbound.setOption(option, value);
            }
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        Objects.requireNonNull(option, "option");
        ProviderOptions.require(ProviderOptions.OF_LISTENERS, option);
        synchronized (lock) {
            requireOpen();
            return listening != null ? listening.handle().getOption(option)
                    : unbound.getOption(option);
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return ProviderOptions.OF_LISTENERS;
    }

    // ---- The end ------------------------------------------------------------------------------

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** When it returns, the address is free for the next one. */
    @Override
    public void close() throws IOException {
        closeQuietly();
        Listening bound = listening;
        if (bound != null && !ProcessorThread.isCurrent()) {
            Released.await(bound.handle());
        }
    }

    /** Begins the close; pending accepts are told. */
    void closeQuietly() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            unbound.close();
            if (listening != null) {
                listening.handle().close();
            }
        }
        group.unregister(this);
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public String toString() {
        Listening bound = listening;
        return getClass().getName() + "[" + (!isOpen() ? "closed"
                : bound == null ? "unbound" : bound.handle().localAddress()) + "]";
    }
}
