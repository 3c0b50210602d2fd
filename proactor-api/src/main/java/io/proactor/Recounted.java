package io.proactor;

import io.proactor.operation.OperationFailure;
import java.io.IOException;

/** The failure of a part as the failure of the whole: the same, with the bytes of all parts. */
final class Recounted {

    private Recounted() {}

    /** Returns a failure of the type of {@code cause}, or that itself if it counts no bytes. */
    static Throwable of(Throwable cause, long bytesMoved) {
        if (cause instanceof OperationFailure failure && failure.bytesMoved() == bytesMoved) {
            return cause;
        }
        Throwable recounted = again(cause, bytesMoved);
        if (recounted != cause) {
            for (Throwable trace : cause.getSuppressed()) {
                recounted.addSuppressed(trace);
            }
        }
        return recounted;
    }

    private static Throwable again(Throwable cause, long bytesMoved) {
        if (cause instanceof OperationCancelledException) {
            return new OperationCancelledException(bytesMoved);
        }
        if (cause instanceof OperationTimedOutException) {
            return new OperationTimedOutException(bytesMoved);
        }
        if (cause instanceof SocketClosedException) {
            return new SocketClosedException(bytesMoved);
        }
        if (cause instanceof ProactorShutdownException) {
            return new ProactorShutdownException(bytesMoved);
        }
        if (cause instanceof EndOfStreamException) {
            return new EndOfStreamException(bytesMoved);
        }
        if (cause instanceof ResetByPeerException reset
                && reset.getCause() instanceof IOException said) {
            return new ResetByPeerException(bytesMoved, said);
        }
        if (cause instanceof TransferFailedException failed && failed.getCause() != null) {
            return new TransferFailedException(bytesMoved, failed.getCause());
        }
        return cause;
    }
}
