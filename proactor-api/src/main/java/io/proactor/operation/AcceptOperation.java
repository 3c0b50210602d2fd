package io.proactor.operation;

import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** Takes one connection from a listener. Its value is the processor's handle of the connection. */
public final class AcceptOperation extends AsynchronousOperation {

    private @Nullable Object accepted;

    /** For processors. */
    public AcceptOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return Kind.ACCEPT;
    }

    /** The initiator. */
    public <V, A> void prepare(long timeoutNanos, @Nullable A attachment,
            CompletionHandler<V, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
    }

    /** The processor. The handle of the connection. */
    public void accepted(Object handle) {
        accepted = handle;
    }

    @Override
    @Nullable Object value() {
        assert accepted != null;
        return accepted;
    }

    @Override
    void forgetArguments() {
        accepted = null;
    }
}
