package io.proactor.provider;

import io.proactor.operation.AbortReason;
import io.proactor.operation.AcceptOperation;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The accepts of a bound listener. Threads: as {@link Incoming}. The handler of an accept is never
 * called on the initiating thread, since its result always comes from the processor's.
 */
final class Listening implements CompletionHandler<StreamHandle, @Nullable Void> {

    private final ProviderServerChannel channel;
    private final ProviderGroup group;
    private final ListenHandle handle;
    private final @Nullable AcceptOperation accept;  // null if the handle has ended already
    private final Outstanding<AsynchronousSocketChannel> outstanding;

    // True exactly from a cancel: a connection may have been taken for somebody who no longer
    // looks. Any thread sets it.
    private volatile boolean killed;

    Listening(ProviderServerChannel channel, ProviderGroup group, ListenHandle handle) {
        this.channel = channel;
        this.group = group;
        this.handle = handle;
        accept = handle.newAccept();
        outstanding = new Outstanding<>(group.threads());
    }

    ListenHandle handle() {
        return handle;
    }

    /** The initiator. Without a handler, returns a future. */
    <A> @Nullable Future<AsynchronousSocketChannel> accept(@Nullable A attachment,
            @Nullable CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        if (killed) {
            throw new IllegalStateException("Accepting is not allowed after a cancellation.");
        }
        if (!outstanding.begin()) {
            throw new AcceptPendingException();
        }
        PendingFuture<AsynchronousSocketChannel> future =
                outstanding.expect(attachment, handler, this::onCancel);
        try {
            if (accept == null || !handle.claim(accept)) {
                outstanding.finish(null, new AsynchronousCloseException());
                return future;
            }
            accept.prepare(0, null, this);
            if (future != null) {
                future.operationId(accept.id());
            }
            handle.initiate(accept);
        } catch (RejectedExecutionException e) {
            outstanding.finish(null, new AsynchronousCloseException());
        }
        return future;
    }

    private void onCancel(long operationId, boolean mayInterruptIfRunning) {
        killed = true;
        handle.context().operations().abort(operationId, handle, AbortReason.CANCELLED);
        if (mayInterruptIfRunning) {
            channel.closeQuietly();
        }
    }

    // ---- The processor's thread ---------------------------------------------------------------

    @Override
    public void completed(StreamHandle stream, @Nullable Void none) {
        if (!channel.isOpen()) {
            stream.close();
            outstanding.finish(null, new AsynchronousCloseException());
            return;
        }
        ProviderSocketChannel accepted;
        try {
            accepted = ProviderSocketChannel.accepted(channel.provider(), group, stream);
        } catch (ShutdownChannelGroupException e) {
            stream.close();
            outstanding.finish(null, new IOException(e));
            return;
        }
        if (!outstanding.finish(accepted, null)) {
            accepted.closeQuietly();  // nobody waits for it any more
        }
    }

    @Override
    public void failed(Throwable failure, @Nullable Void none) {
        outstanding.finish(null, JdkFailures.of(failure, channel.isOpen()));
    }
}
