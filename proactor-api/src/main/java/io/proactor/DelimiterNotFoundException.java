package io.proactor;

import io.proactor.operation.OperationFailure;
import java.io.IOException;

/**
 * A read up to a delimiter filled its buffer without meeting one. The bytes in the buffer are
 * consumed; the connection stays usable, and a further read continues behind them.
 */
public final class DelimiterNotFoundException extends IOException implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long bytesMoved;

    /** For processors. */
    public DelimiterNotFoundException(long bytesMoved) {
        super("No delimiter within " + bytesMoved + " bytes.");
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
