package io.proactor;

import io.proactor.operation.OperationFailure;
import java.io.IOException;

/** The system refused to go on with a read or write, for a reason without a type of its own. */
public final class TransferFailedException extends IOException implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long bytesMoved;

    /**
     * For processors.
     *
     * @param cause what the system said; never null
     */
    public TransferFailedException(long bytesMoved, Throwable cause) {
        super(cause.getMessage(), cause);
        this.bytesMoved = bytesMoved;
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }
}
