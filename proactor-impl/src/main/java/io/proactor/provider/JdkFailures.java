package io.proactor.provider;

import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import io.proactor.ResetByPeerException;
import io.proactor.TransferFailedException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptedByTimeoutException;

/** The one table that turns what a processor says into what the JDK's channels say. */
final class JdkFailures {

    private JdkFailures() {}

    /**
     * @param open false if the channel is closed, which is then the reason, whatever came first
     */
    static Throwable of(Throwable failure, boolean open) {
        if (!open || failure instanceof ProactorShutdownException
                || failure instanceof ClosedChannelException) {
            return new AsynchronousCloseException();
        }
        if (failure instanceof OperationTimedOutException) {
            return new InterruptedByTimeoutException();
        }
        if (failure instanceof ResetByPeerException) {
            return reset(failure.getCause());
        }
        Throwable said = failure instanceof TransferFailedException ? failure.getCause() : failure;
        return said instanceof IOException ? said : new IOException(said);
    }

    /** Programs know a reset by its text, since the JDK has no type for it. */
    private static IOException reset(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        return cause instanceof IOException said
                && (text.startsWith("Connection reset") || text.startsWith("Broken pipe"))
                ? said : new IOException("Connection reset by peer", cause);
    }
}
