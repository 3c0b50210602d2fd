package io.proactor;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.Outcome;
import io.proactor.operation.PostOperation;
import io.proactor.spi.ProcessorContext;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Owns the values that the application posts, which no processor performs. */
final class Posts implements OperationOwner {

    private final ProcessorContext context;

    Posts(ProcessorContext context) {
        this.context = context;
    }

    /**
     * Returns a value that is to be enqueued. Any thread.
     *
     * @throws RejectedExecutionException once the proactor is shut down
     */
    <V extends @Nullable Object, A extends @Nullable Object> PostOperation newPost(V value,
            A attachment, CompletionHandler<? super V, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        // First counted, then asked: see Handle.initiate.
        context.counters().issued();
        if (!context.accepting()) {
            context.counters().revoked();
            throw Termination.refused();
        }
        return PostOperation.completed(this, value, attachment, handler);
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        throw new AssertionError("a posted value is never pending");
    }

    @Override
    public void onRetire(AsynchronousOperation operation, Outcome outcome) {
        context.counters().ended(outcome);
    }

    @Override
    public void onHandled(Kind kind) {
        // Nobody waits for it.
    }
}
