package io.proactor;

import io.proactor.operation.OperationFailure;
import java.io.IOException;

/**
 * The proactor was shut down while the operation was pending.
 */
public final class ProactorShutdownException extends IOException implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long bytesMoved;

    /** For processors. */
    public ProactorShutdownException(long bytesMoved) {
        super("The proactor was shut down.");
        this.bytesMoved = bytesMoved;
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }

    /** Records no stack: this is made on a thread of the processor, whose frames say nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
