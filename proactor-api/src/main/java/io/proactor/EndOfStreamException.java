package io.proactor;

import io.proactor.operation.OperationFailure;
import java.io.EOFException;

/**
 * The peer ended the stream inside a read that asked for a number of bytes or for a delimiter: some
 * bytes had come, but not enough. If none had come, such a read completes with -1 instead.
 */
public final class EndOfStreamException extends EOFException implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long bytesMoved;

    /** For processors. */
    public EndOfStreamException(long bytesMoved) {
        super("The stream ended after " + bytesMoved + " bytes of the read.");
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
