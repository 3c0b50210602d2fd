package io.proactor.operation;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Connects a socket to a remote address. Its value is what the initiator gave for it.
 *
 * <p>There may be first data, which the processor sends with the connect if it can: all, a part or
 * nothing. If the connect succeeds, the buffer's position says how much; if it fails, nothing was
 * sent and the position stays. What remains is the initiator's to write.
 */
public final class ConnectOperation extends AsynchronousOperation {

    private @Nullable SocketAddress remote;
    private @Nullable Object connected;
    private @Nullable ByteBuffer first;

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
        prepare(remote, connected, null, timeoutNanos, attachment, handler);
    }

    /** The initiator. As above; {@code first} is what may be sent with it, or null. */
    public <V, A> void prepare(SocketAddress remote, V connected, @Nullable ByteBuffer first,
            long timeoutNanos, @Nullable A attachment,
            CompletionHandler<? super V, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
        this.remote = remote;
        this.connected = connected;
        this.first = first;
    }

    /** The processor. Returns where to connect to. */
    public SocketAddress remote() {
        assert remote != null;
        return remote;
    }

    /** The processor. Returns what may be sent with it, or null. */
    public @Nullable ByteBuffer first() {
        return first;
    }

    @Override
    @Nullable Object value() {
        return connected;
    }

    @Override
    void forgetArguments() {
        remote = null;
        connected = null;
        first = null;
    }
}
