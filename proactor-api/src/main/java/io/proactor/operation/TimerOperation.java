package io.proactor.operation;

import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** Completes when a moment has come. Its value is null. */
public final class TimerOperation extends AsynchronousOperation {

    private long deadlineNanos;

    /** For processors. */
    public TimerOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return Kind.TIMER;
    }

    /** The initiator. {@code deadlineNanos} is a moment of {@link System#nanoTime}. */
    public <A> void prepareAt(long deadlineNanos, @Nullable A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler) {
        prepare(attachment, handler, 0);
        this.deadlineNanos = deadlineNanos;
    }

    /** The processor. Returns the moment, as {@link System#nanoTime} counts. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    @Nullable Object value() {
        return null;
    }

    @Override
    void forgetArguments() {
        // It has none that hold anything.
    }
}
