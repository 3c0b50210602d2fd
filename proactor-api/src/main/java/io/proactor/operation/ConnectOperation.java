package io.proactor.operation;

import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** Connects a socket to a remote address. Its value is what the initiator gave for it. */
public final class ConnectOperation extends AsynchronousOperation {

    private @Nullable SocketAddress remote;
    private @Nullable Object connected;

    /** For processors. */
    public ConnectOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return Kind.CONNECT;
    }

    /** The initiator. {@code connected} is what the handler gets when the connection stands. */
    public <V, A> void prepare(SocketAddress remote, V connected, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<? super V, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
        this.remote = remote;
        this.connected = connected;
    }

    /** The processor. Returns where to connect to. */
    public SocketAddress remote() {
        assert remote != null;
        return remote;
    }

    @Override
    @Nullable Object value() {
        return connected;
    }

    @Override
    void forgetArguments() {
        remote = null;
        connected = null;
    }
}
