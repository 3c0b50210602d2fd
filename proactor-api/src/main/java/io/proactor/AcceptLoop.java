package io.proactor;

import io.proactor.operation.AcceptOperation;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.StreamHandle;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The handler of all accepts that {@code acceptAll} keeps posted. While the acceptor is open at
 * least one is pending, even if there is no place for its connection, so that there is always one
 * to tell the application of the end.
 */
final class AcceptLoop<A extends @Nullable Object>
        implements CompletionHandler<StreamHandle, AcceptOperation>, Accepts.Delivery<A> {

    private final ListenHandle handle;
    private final Accepts accepts;
    private final A attachment;
    private final CompletionHandler<? super Accepted, ? super A> handler;

    // Guarded by this, which is not held while a handler runs or the processor is called.
    private int pending;     // accepts of this loop, from their initiation to their handler
    private int delivering;  // connections that are on their way to the application's handler
    private boolean over;    // true exactly from when no accept could be posted any more
    private boolean ended;   // true exactly from when the application is told of the end

    AcceptLoop(ListenHandle handle, Accepts accepts, A attachment,
            CompletionHandler<? super Accepted, ? super A> handler) {
        this.handle = handle;
        this.accepts = accepts;
        this.attachment = attachment;
        this.handler = handler;
    }

    /** Posts as many accepts as there are places for, and at least one. Any thread. */
    void post() {
        while (handle.isOpen() && reserve()) {
            if (!postOne()) {
                synchronized (this) {
                    pending--;
                    over = true;
                }
                return;
            }
        }
    }

    private synchronized boolean reserve() {
        if (pending > 0 && !accepts.wanted()) {
            return false;
        }
        pending++;
        accepts.began();
        return true;
    }

    /** False if the acceptor is closed or the proactor shut down: then {@link #endsNow} decides. */
    private boolean postOne() {
        AcceptOperation operation = null;
        try {
            operation = accepts.claim();
            if (operation == null) {
                return false;
            }
            operation.prepare(0, operation, this);
            accepts.initiate(operation);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        } finally {
            if (operation == null) {
                accepts.ended();
            }
        }
    }

    /** True once: this is the end, and nothing is pending that could tell the application so. */
    synchronized boolean endsNow() {
        boolean last = pending == 0 && delivering == 0 && !ended && (over || !handle.isOpen());
        ended |= last;
        return last;
    }

    private synchronized void succeeded() {
        pending--;
        delivering++;
        assert pending >= 0;
    }

    private synchronized void failed() {
        pending--;
        assert pending >= 0;
    }

    private synchronized void delivered() {
        delivering--;
        assert delivering >= 0;
    }

    @Override
    public void completed(StreamHandle stream, AcceptOperation operation) {
        long id = operation.id();
        Place place = accepts.succeeded(operation, stream);
        succeeded();
        post();  // before the application's handler: a slow one must not keep others waiting
        accepts.deliver(stream, place, id, attachment, this);
    }

    @Override
    public void failed(Throwable cause, AcceptOperation operation) {
        accepts.failed(operation);
        failed();
        post();  // perhaps only this one was cancelled
        if (endsNow()) {
            handler.failed(cause, attachment);
        }
    }

    @Override
    public void complete(Accepted accepted, A attachment) {
        try {
            handler.completed(accepted, attachment);
        } finally {
            none(null, attachment);
        }
    }

    @Override
    public void none(@Nullable Throwable cause, A attachment) {
        delivered();
        if (endsNow()) {
            // Closed or shut down while this one was on its way to the handler.
            handler.failed(cause != null ? cause : handle.isOpen()
                    ? new ProactorShutdownException(0) : new SocketClosedException(0), attachment);
        }
    }
}
