package io.proactor;

import io.proactor.operation.AcceptOperation;
import io.proactor.spi.StreamHandle;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The handler of one accept. If its connection is not to be delivered, it accepts another. */
final class SingleAccept<A extends @Nullable Object>
        implements CompletionHandler<StreamHandle, AcceptOperation>, Accepts.Delivery<A> {

    private final Accepts accepts;
    private final long deadlineNanos;
    private final boolean limited;  // true exactly if there is a deadline
    private final A attachment;
    private final CompletionHandler<? super Accepted, ? super A> handler;

    /**
     * @param timeoutNanos from now; 0 or less for none
     */
    SingleAccept(Accepts accepts, long timeoutNanos, A attachment,
            CompletionHandler<? super Accepted, ? super A> handler) {
        this.accepts = accepts;
        limited = timeoutNanos > 0;
        deadlineNanos = accepts.nanoTime() + Math.min(timeoutNanos, Long.MAX_VALUE >> 1);
        this.attachment = attachment;
        this.handler = handler;
    }

    @Override
    public void completed(StreamHandle stream, AcceptOperation operation) {
        long id = operation.id();
        Place place = accepts.succeeded(operation, stream);
        accepts.deliver(stream, place, id, attachment, this);
    }

    @Override
    public void failed(Throwable cause, AcceptOperation operation) {
        accepts.failed(operation);
        handler.failed(cause, attachment);
    }

    @Override
    public void complete(Accepted accepted, A attachment) {
        handler.completed(accepted, attachment);
    }

    @Override
    public void none(@Nullable Throwable cause, A attachment) {
        if (cause != null) {
            handler.failed(cause, attachment);
            return;
        }
        try {
            AcceptOperation operation = accepts.claim();
            if (operation == null) {
                handler.failed(new SocketClosedException(0), attachment);
                return;
            }
            long left = limited ? Math.max(1, deadlineNanos - accepts.nanoTime()) : 0;
            operation.prepare(left, operation, this);
            accepts.began();
            accepts.initiate(operation);
        } catch (RejectedExecutionException e) {
            handler.failed(new ProactorShutdownException(0), attachment);
        }
    }
}
