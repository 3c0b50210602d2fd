package io.proactor.operation;

import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Takes the connection from a socket and leaves the socket as if it had never been connected. What
 * was pending on it has ended before. Its value is what the initiator gave for it.
 */
public final class DisconnectOperation extends AsynchronousOperation {

    private @Nullable Object disconnected;

    /** For processors. */
    public DisconnectOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return Kind.DISCONNECT;
    }

    /** The initiator. {@code disconnected} is what the handler gets. */
    public <V, A> void prepare(V disconnected, @Nullable A attachment,
            CompletionHandler<? super V, ? super A> handler) {
        prepare(attachment, handler, 0);
        this.disconnected = disconnected;
    }

    @Override
    @Nullable Object value() {
        return disconnected;
    }

    @Override
    void forgetArguments() {
        disconnected = null;
    }
}
