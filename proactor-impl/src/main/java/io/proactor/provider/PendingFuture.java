package io.proactor.provider;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The result of an operation that was initiated without a handler. Completed by the processor's
 * thread; it tells no one but those who wait, so that no code of a user's runs there: hence the
 * inner future is not shown.
 */
final class PendingFuture<V extends @Nullable Object> implements Future<V> {

    /** Whom to tell of a cancel: the channel, whose rules decide what becomes of it. */
    interface Canceller {

        /** The future is cancelled. Any thread, once. */
        void onCancel(long operationId, boolean mayInterruptIfRunning);
    }

    private final CompletableFuture<V> outcome = new CompletableFuture<>();
    private final Canceller canceller;

    // Of the operation that will complete this, 0 for none. Written before the future is returned.
    private volatile long operationId;

    PendingFuture(Canceller canceller) {
        this.canceller = canceller;
    }

    void operationId(long id) {
        operationId = id;
    }

    /** The processor, or the initiator. False if it was cancelled before. */
    boolean complete(@Nullable V value, @Nullable Throwable cause) {
        return cause != null ? outcome.completeExceptionally(cause) : outcome.complete(value);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        // True once, where CompletableFuture.cancel is so each time.
        if (!outcome.completeExceptionally(new CancellationException())) {
            return false;
        }
        canceller.onCancel(operationId, mayInterruptIfRunning);
        return true;
    }

    @Override
    public boolean isCancelled() {
        return outcome.isCancelled();
    }

    @Override
    public boolean isDone() {
        return outcome.isDone();
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
        return outcome.get();
    }

    @Override
    public V get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return outcome.get(timeout, unit);
    }
}
