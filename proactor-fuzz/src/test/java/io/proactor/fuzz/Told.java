package io.proactor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.OperationFailure;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** What one handler was told, which must be exactly one thing. */
final class Told<V extends @Nullable Object> implements CompletionHandler<V, @Nullable Void> {

    private int calls;
    private @Nullable V value;
    private @Nullable Throwable cause;

    @Override
    public void completed(V result, @Nullable Void none) {
        calls++;
        value = result;
    }

    @Override
    public void failed(Throwable failure, @Nullable Void none) {
        calls++;
        cause = failure;
    }

    /** Runs the wires until there is nothing to do; then the handler must have been called. */
    Told<V> settled() {
        Wire.run();
        assertThat(calls).as("calls of the handler").isOne();
        return this;
    }

    @Nullable V value() {
        return value;
    }

    @Nullable Throwable cause() {
        return cause;
    }

    /** Returns the number of bytes that a failed operation says it has moved. */
    long bytesMoved() {
        assertThat(cause).isInstanceOf(OperationFailure.class);
        return cause instanceof OperationFailure failure ? failure.bytesMoved() : -1;
    }
}
