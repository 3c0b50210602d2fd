package io.proactor.provider;

import io.proactor.operation.AbortReason;
import io.proactor.operation.ConnectOperation;
import io.proactor.spi.StreamHandle;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The one connect of a channel, which ends with a connection or with the channel's close. Threads:
 * as {@link Incoming}.
 */
final class Connecting implements CompletionHandler<ProviderSocketChannel, @Nullable Void> {

    /*
     * UNCONNECTED --connect--> PENDING --completed--> CONNECTED
     *                             |
     *                             +--failed--> PENDING, and the channel is closed
     *
     * Any thread reads it. UNCONNECTED to PENDING by a CAS of outstanding; the processor's thread
     * moves on from there.
     */
    enum State { UNCONNECTED, PENDING, CONNECTED }

    private volatile State state;

    private final ProviderSocketChannel channel;
    private final StreamHandle handle;
    private final Outstanding<@Nullable Void> outstanding;

    Connecting(ProviderSocketChannel channel, StreamHandle handle, GroupThreads threads,
            boolean accepted) {
        this.channel = channel;
        this.handle = handle;
        outstanding = new Outstanding<>(threads);
        state = accepted ? State.CONNECTED : State.UNCONNECTED;
    }

    State state() {
        return state;
    }

    /** The initiator. Without a handler, returns a future. */
    <A> @Nullable Future<@Nullable Void> connect(SocketAddress remote, @Nullable A attachment,
            @Nullable CompletionHandler<@Nullable Void, ? super A> handler) {
        requireAddress(remote);
        if (state == State.CONNECTED) {
            throw new AlreadyConnectedException();
        }
        if (state == State.PENDING || !outstanding.begin()) {
            throw new ConnectionPendingException();
        }
        // Nobody else comes here: outstanding is taken, or the state has moved on for good.
        if (state != State.UNCONNECTED) {
            outstanding.withdraw();
            throw state == State.CONNECTED ? new AlreadyConnectedException()
                    : new ConnectionPendingException();
        }
        PendingFuture<@Nullable Void> future =
                outstanding.expect(attachment, handler, this::onCancel);
        state = State.PENDING;
        initiate(remote, future);
        return future;
    }

    private static void requireAddress(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress address)) {
            if (remote == null) {
                throw new NullPointerException("remote");
            }
            throw new UnsupportedAddressTypeException();
        }
        if (address.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
    }

    private void initiate(SocketAddress remote, @Nullable PendingFuture<@Nullable Void> future) {
        ConnectOperation connect = handle.connect();
        try {
            if (connect == null || !handle.claim(connect)) {
                outstanding.finishHere(null, new AsynchronousCloseException());
                return;
            }
            connect.prepare(remote, channel, 0, null, this);
            if (future != null) {
                future.operationId(connect.id());
            }
            handle.initiate(connect);
        } catch (RejectedExecutionException e) {
            outstanding.finishHere(null, new AsynchronousCloseException());
        }
    }

    private void onCancel(long operationId, boolean mayInterruptIfRunning) {
        // A channel whose connect was given up is of no use, whether or not it is interrupted.
        handle.context().operations().abort(operationId, handle, AbortReason.CANCELLED);
        channel.closeQuietly();
    }

    // ---- The processor's thread ---------------------------------------------------------------

    @Override
    public void completed(ProviderSocketChannel connected, @Nullable Void none) {
        state = State.CONNECTED;
        outstanding.finish(null, null);
    }

    @Override
    public void failed(Throwable failure, @Nullable Void none) {
        Throwable cause = JdkFailures.of(failure, channel.isOpen());
        channel.closeQuietly();
        outstanding.finish(null, cause);
    }
}
