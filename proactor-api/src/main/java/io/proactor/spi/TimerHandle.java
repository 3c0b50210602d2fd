package io.proactor.spi;

import io.proactor.operation.TimerOperation;
import org.jspecify.annotations.Nullable;

/** One timer. */
public abstract class TimerHandle extends Handle {

    private final TimerOperation operation;

    /** See {@link Handle}. */
    @SuppressWarnings("this-escape")  // the operation only keeps the reference
    protected TimerHandle(ProcessorContext context, @Nullable CompletionSequence sequence) {
        super(context, sequence);
        operation = new TimerOperation(this, context.operations());
    }

    /** Returns the one operation of this timer. */
    public final TimerOperation operation() {
        return operation;
    }

    @Override
    protected final void unregister() {
        context().operations().unregister(operation);
    }
}
