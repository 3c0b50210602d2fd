package io.proactor;

import io.proactor.operation.OperationFailure;
import java.io.IOException;

/**
 * The frame that comes next is larger than its reader allows. Its prefix is consumed and
 * remembered; none of its payload is. The connection stays usable for what the application has to
 * say to the peer, but there is no next frame before this one has been read into a larger buffer.
 */
public final class FrameTooLargeException extends IOException implements OperationFailure {

    private static final long serialVersionUID = 1;

    private final long length;
    private final long bytesMoved;

    FrameTooLargeException(long length, int bytesMax, long bytesMoved) {
        super("A frame of " + length + " bytes is announced, and " + bytesMax + " are allowed.");
        this.length = length;
        this.bytesMoved = bytesMoved;
    }

    /** Returns the number of bytes of payload that the prefix announces. */
    public long length() {
        return length;
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
