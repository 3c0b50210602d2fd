package io.proactor;

import io.proactor.operation.OperationFailure;
import java.io.IOException;

/** The peer reset the connection, or has gone so that nothing more can be written to it. */
public final class ResetByPeerException extends IOException implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long bytesMoved;

    /**
     * For processors.
     *
     * @param cause what the system said
     */
    public ResetByPeerException(long bytesMoved, IOException cause) {
        super("The peer reset the connection.", cause);
        this.bytesMoved = bytesMoved;
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }

    /**
     * Records no stack: this is made on a thread of the processor, whose frames say nothing, and as
     * often as peers like.
     */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
