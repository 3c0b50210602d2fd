package io.proactor;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A stage that completes as its operation does, and whose cancel is the operation's. */
final class OperationStage<V extends @Nullable Object> extends CompletableFuture<V>
        implements CompletionHandler<V, @Nullable Object> {

    // Not null from before the initiator has the stage.
    private volatile @Nullable ComposedOperation operation;

    // True exactly if the operation has ended as cancelled, by whomever.
    private volatile boolean cancelled;

    /** The initiator. What a cancel of the stage cancels. */
    void initiated(ComposedOperation initiated) {
        operation = initiated;
    }

    @Override
    public void completed(V result, @Nullable Object attachment) {
        complete(result);
    }

    @Override
    public void failed(Throwable cause, @Nullable Object attachment) {
        cancelled = cause instanceof OperationCancelledException;
        completeExceptionally(cause);
    }

    /** Cancels the operation; the stage completes when that has ended. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        ComposedOperation pending = operation;
        return pending != null && pending.cancel();
    }

    @Override
    public boolean isCancelled() {
        return isDone() && cancelled;
    }
}
