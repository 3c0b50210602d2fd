package io.proactor.provider;

import io.proactor.spi.PreparedSocket;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a group, or one that is yet to be made. What a call may not do is thrown at it;
 * how an operation ends is told to its handler or future. Any thread may call every method.
 */
final class ProviderSocketChannel extends AsynchronousSocketChannel {

    private final ProviderGroup group;
    private final StreamHandle handle;

    // The descriptor until it is connected; null for a connection that was accepted.
    private final @Nullable PreparedSocket prepared;

    private final Connecting connecting;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final AtomicBoolean closed = new AtomicBoolean();  // true exactly from the first close

    /**
     * @throws java.nio.channels.ShutdownChannelGroupException if the group is shut down
     */
    @SuppressWarnings("this-escape")  // the parts and the group only keep the reference
    private ProviderSocketChannel(AsynchronousChannelProvider provider, ProviderGroup group,
            StreamHandle handle, @Nullable PreparedSocket prepared) {
        super(provider);
        this.group = group;
        this.handle = handle;
        this.prepared = prepared;
        GroupThreads threads = group.threads();
        connecting = new Connecting(this, handle, threads, prepared == null);
        incoming = new Incoming(this, handle, threads);
        outgoing = new Outgoing(this, handle, threads);
        group.register(this);
    }

    /** Opens a channel with a descriptor, which is not connected. */
    static ProviderSocketChannel open(AsynchronousChannelProvider provider, ProviderGroup group)
            throws IOException {
        group.requireRunning();
        StreamHandle handle = group.processor().openStream();
        boolean opened = false;
        try {
            ProviderSocketChannel channel =
                    new ProviderSocketChannel(provider, group, handle, handle.prepare());
            opened = true;
            return channel;
        } finally {
            if (!opened) {
                handle.close();
            }
        }
    }

    /** Makes the channel of a connection that was accepted. */
    static ProviderSocketChannel accepted(AsynchronousChannelProvider provider,
            ProviderGroup group, StreamHandle handle) {
        return new ProviderSocketChannel(provider, group, handle, null);
    }

    // ---- For its parts ------------------------------------------------------------------------

    void requireConnected() {
        if (connecting.state() != Connecting.State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    /** True if a direction may be used on after a timeout; see the provider. */
    boolean keepsAfterTimeout() {
        return group.keepsAfterTimeout();
    }

    // ---- Before the connection ----------------------------------------------------------------

    @Override
    public AsynchronousSocketChannel bind(@Nullable SocketAddress local) throws IOException {
        requireOpen();
        if (connecting.state() == Connecting.State.PENDING) {
            throw new ConnectionPendingException();
        }
        if (prepared == null || connecting.state() == Connecting.State.CONNECTED) {
            throw new AlreadyBoundException();
        }
        prepared.bind(local);
        return this;
    }

    @Override
    public <A> void connect(SocketAddress remote, @Nullable A attachment,
            CompletionHandler<Void, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        if (isOpen()) {
            connecting.connect(remote, attachment, handler);
        } else {
            refuse(attachment, handler);
        }
    }

    @Override
    @SuppressWarnings("NullAway")  // without a handler there is a future
    public Future<Void> connect(SocketAddress remote) {
        return isOpen() ? connecting.connect(remote, null, null) : refuse(null, null);
    }

    // ---- Reading ------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("unchecked")  // with one buffer the number is an Integer
    public <A> void read(ByteBuffer target, long timeout, TimeUnit unit, @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        requireWritable(target);
        long nanos = unit.toNanos(timeout);
        CompletionHandler<Number, ? super A> any = (CompletionHandler<Number, ? super A>)
                (CompletionHandler<?, ? super A>) handler;
        if (isOpen()) {
            incoming.read(target, nanos, attachment, any);
        } else {
            refuse(attachment, any);
        }
    }

    @Override
    @SuppressWarnings("unchecked")  // as above
    public Future<Integer> read(ByteBuffer target) {
        requireWritable(target);
        return (Future<Integer>)
                (isOpen() ? incoming.read(target, 0, null, null) : refuse(null, null));
    }

    @Override
    @SuppressWarnings("unchecked")  // with several buffers it is a Long
    public <A> void read(ByteBuffer[] targets, int offset, int length, long timeout, TimeUnit unit,
            @Nullable A attachment, CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        Objects.checkFromIndexSize(offset, length, targets.length);
        for (int i = offset; i < offset + length; i++) {
            requireWritable(targets[i]);
        }
        long nanos = unit.toNanos(timeout);
        CompletionHandler<Number, ? super A> any = (CompletionHandler<Number, ? super A>)
                (CompletionHandler<?, ? super A>) handler;
        if (isOpen()) {
            incoming.read(targets, offset, length, nanos, attachment, any);
        } else {
            refuse(attachment, any);
        }
    }

    private static void requireWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("The buffer is read-only.");
        }
    }

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        requireOpen();
        requireConnected();
        incoming.shutdown();
        return this;
    }

    // ---- Writing ------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("unchecked")  // with one buffer the number is an Integer
    public <A> void write(ByteBuffer source, long timeout, TimeUnit unit, @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(source, "source");
        long nanos = unit.toNanos(timeout);
        CompletionHandler<Number, ? super A> any = (CompletionHandler<Number, ? super A>)
                (CompletionHandler<?, ? super A>) handler;
        if (isOpen()) {
            outgoing.write(source, nanos, attachment, any);
        } else {
            refuse(attachment, any);
        }
    }

    @Override
    @SuppressWarnings("unchecked")  // as above
    public Future<Integer> write(ByteBuffer source) {
        Objects.requireNonNull(source, "source");
        return (Future<Integer>)
                (isOpen() ? outgoing.write(source, 0, null, null) : refuse(null, null));
    }

    @Override
    @SuppressWarnings("unchecked")  // with several buffers it is a Long
    public <A> void write(ByteBuffer[] sources, int offset, int length, long timeout,
            TimeUnit unit, @Nullable A attachment, CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        Objects.checkFromIndexSize(offset, length, sources.length);
        for (int i = offset; i < offset + length; i++) {
            Objects.requireNonNull(sources[i], "source");
        }
        long nanos = unit.toNanos(timeout);
        CompletionHandler<Number, ? super A> any = (CompletionHandler<Number, ? super A>)
                (CompletionHandler<?, ? super A>) handler;
        if (isOpen()) {
            outgoing.write(sources, offset, length, nanos, attachment, any);
        } else {
            refuse(attachment, any);
        }
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        requireOpen();
        requireConnected();
        outgoing.shutdown();
        return this;
    }

    // ---- What is known of it ------------------------------------------------------------------

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        requireOpen();
        SocketAddress connected = handle.localAddress();
        return connected != null || prepared == null ? connected : prepared.localAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        requireOpen();
        return handle.remoteAddress();
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> option, T value)
            throws IOException {
        Objects.requireNonNull(option, "option");
        ProviderOptions.require(ProviderOptions.OF_SOCKETS, option);
        requireOpen();
        if (prepared != null && connecting.state() != Connecting.State.CONNECTED) {
            prepared.setOption(option, value);
        } else {
            handle.setOption(option, value);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        Objects.requireNonNull(option, "option");
        ProviderOptions.require(ProviderOptions.OF_SOCKETS, option);
        requireOpen();
        return prepared != null && connecting.state() != Connecting.State.CONNECTED
                ? prepared.getOption(option) : handle.getOption(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return ProviderOptions.OF_SOCKETS;
    }

    // ---- The end ------------------------------------------------------------------------------

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() throws IOException {
        closeQuietly();
    }

    /** As {@link #close}, which has nothing to complain of. */
    void closeQuietly() {
        if (closed.compareAndSet(false, true)) {
            handle.close();
            group.unregister(this);
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** An operation on a closed channel; it returns a future if there is no handler. */
    private <V extends @Nullable Object, A> @Nullable Future<V> refuse(@Nullable A attachment,
            @Nullable CompletionHandler<V, ? super A> handler) {
        return Outstanding.refuse(group.threads(), attachment, handler);
    }

    @Override
    public String toString() {
        String name = getClass().getName();
        if (!isOpen()) {
            return name + "[closed]";
        }
        return switch (connecting.state()) {
            case UNCONNECTED -> name + "[unconnected]";
            case PENDING -> name + "[connection-pending]";
            case CONNECTED -> name + "[connected local=" + handle.localAddress() + " remote="
                    + handle.remoteAddress() + "]";
        };
    }
}
