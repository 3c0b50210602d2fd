package io.proactor.engine.event;

import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import io.proactor.ResetByPeerException;
import io.proactor.SocketClosedException;
import io.proactor.TransferFailedException;
import io.proactor.operation.AbortReason;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** The one table that turns what the JDK says into the failures that handlers are told. */
public final class Failures {

    private Failures() {}

    /** The failure of an operation that was aborted after {@code bytesMoved}. */
    public static IOException aborted(AbortReason reason, long bytesMoved) {
        return switch (reason) {
            case CANCELLED -> new OperationCancelledException(bytesMoved);
            case TIMED_OUT -> new OperationTimedOutException(bytesMoved);
            case CLOSED -> new SocketClosedException(bytesMoved);
            case SHUTDOWN -> new ProactorShutdownException(bytesMoved);
        };
    }

    /**
     * The failure of a read or write after {@code bytesMoved}. The JDK has no types for these: what
     * its channels throw is known by its text, which is the C library's ({@code strerror}), or the
     * JDK's own {@code "Connection reset"} (sun.nio.ch.SocketChannelImpl.throwConnectionReset).
     */
    public static IOException transfer(Throwable cause, long bytesMoved) {
        if (cause instanceof ClosedChannelException) {
            return new SocketClosedException(bytesMoved);
        }
        if (cause instanceof IOException failure && failure.getMessage() != null) {
            String text = failure.getMessage();
            if (text.startsWith("Connection reset")                        // ECONNRESET
                    || text.startsWith("Broken pipe")                      // EPIPE
                    || text.startsWith("Software caused connection abort") // ECONNABORTED
                    || text.startsWith("An existing connection was forcibly closed")  // Windows
                    || text.startsWith("An established connection was aborted")) {
                return new ResetByPeerException(bytesMoved, failure);
            }
        }
        return new TransferFailedException(bytesMoved, cause);
    }
}
