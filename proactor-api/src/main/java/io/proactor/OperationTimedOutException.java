package io.proactor;

import io.proactor.operation.OperationFailure;
import io.proactor.operation.Outcome;
import java.io.IOException;

/**
 * The timeout of the operation elapsed. The connection stays usable: {@link #bytesMoved} says
 * exactly how much of the stream the operation had consumed or produced.
 */
public final class OperationTimedOutException extends IOException implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long bytesMoved;

    /** For processors. */
    public OperationTimedOutException(long bytesMoved) {
        super("The operation timed out after " + bytesMoved + " bytes.");
        this.bytesMoved = bytesMoved;
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }

    @Override
    public Outcome outcome() {
        return Outcome.TIMED_OUT;
    }

    /** Records no stack: this is made on a thread of the processor, whose frames say nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
