package io.proactor;

import io.proactor.operation.OperationFailure;
import java.nio.channels.AsynchronousCloseException;

/**
 * The socket, acceptor or timer was closed on this side, before or while the operation was pending.
 */
public final class SocketClosedException extends AsynchronousCloseException
        implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long bytesMoved;

    /** For processors. */
    public SocketClosedException(long bytesMoved) {
        assert bytesMoved >= 0;
        this.bytesMoved = bytesMoved;
    }

    @Override
    public String getMessage() {
        return "Closed on this side.";
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
