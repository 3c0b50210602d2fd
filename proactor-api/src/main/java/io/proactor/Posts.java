package io.proactor;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationCounters;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.Outcome;

/** Owns the values that the application posts, which no processor performs. */
final class Posts implements OperationOwner {

    private final OperationCounters counters;

    Posts(OperationCounters counters) {
        this.counters = counters;
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        throw new AssertionError("a posted value is never pending");
    }

    @Override
    public void onRetire(AsynchronousOperation operation, Outcome outcome) {
        counters.ended(outcome);
    }

    @Override
    public void onHandled(Kind kind) {
        // Nobody waits for it.
    }
}
