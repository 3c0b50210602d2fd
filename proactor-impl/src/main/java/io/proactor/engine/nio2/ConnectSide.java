package io.proactor.engine.nio2;

import io.proactor.engine.event.Failures;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ConnectOperation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connection of a handle. Each attempt has a channel of its own, because the JDK closes a
 * channel whose connect fails; so a handle can be tried again. An attempt that is aborted is
 * closed, and its operation ends at once. Methods belong to the holder unless they say so.
 */
final class ConnectSide {

    /** A channel that is being connected. */
    private record Attempt(AsynchronousSocketChannel channel, PhysicalCall<Void> call) {}

    private final Nio2StreamHandle handle;
    private final Serializer serializer;

    private volatile @Nullable ConnectOperation connecting;  // from submit (any thread) to the end
    private @Nullable Attempt attempt;  // not null exactly while the operation has been begun

    // Opened ahead, for the next attempt. Any thread: CAS; the holder takes it.
    private final AtomicReference<@Nullable AsynchronousSocketChannel> ahead =
            new AtomicReference<>();

    // Attempts that were closed and have not been called back. Bound: the JDK calls back soon after
    // the close, so there is more than one only if connects are cancelled faster than that.
    private final List<Attempt> closed = new ArrayList<>(0);

    ConnectSide(Nio2StreamHandle handle, Serializer serializer) {
        this.handle = handle;
        this.serializer = serializer;
    }

    /** Any thread; the holder has to be told. */
    void offer(ConnectOperation connect) {
        connecting = connect;
    }

    /** Any thread. Opens a channel for the next attempt, unless there is one. */
    void openAhead() throws IOException {
        if (ahead.get() != null) {
            return;
        }
        AsynchronousSocketChannel channel = handle.openChannel();
        if (!ahead.compareAndSet(null, channel)) {
            handle.close(channel);  // somebody else was faster
        } else if (!handle.isOpen()) {
            closeAhead();  // the holder may have looked before it was there
        }
    }

    /** Any thread. Returns that channel, if there is one. */
    @Nullable AsynchronousSocketChannel openedAhead() {
        return ahead.get();
    }

    private void closeAhead() {
        AsynchronousSocketChannel unused = ahead.getAndSet(null);
        if (unused != null) {
            handle.close(unused);
        }
    }

    /** True if a connect is pending: reads and writes wait for it. */
    boolean pending() {
        return connecting != null;
    }

    /** Takes the next step of the connect that is pending, if one is. Returns the connection. */
    @Nullable Connection advance(@Nullable Connection current) {
        closed.removeIf(each -> each.call.landed());
        ConnectOperation connect = connecting;
        if (connect == null) {
            return current;
        }
        if (current != null) {
            finish(connect, new IOException("The socket is connected.",
                    new AlreadyConnectedException()));
            return current;
        }
        Attempt begun = attempt;
        if (begun != null && begun.call.landed()) {
            attempt = null;
            return conclude(connect, begun);
        }
        AbortReason reason = connect.aborting();
        if (reason != null) {
            closeAttempt();
            finish(connect, Failures.aborted(reason, 0));
        } else if (begun == null) {
            handle.arm(connect);
            begin(connect);
        }
        return null;
    }

    /** The handle is closed, or its connection is taken away. */
    void end() {
        closeAhead();
        closeAttempt();
        closed.removeIf(each -> each.call.landed());
        ConnectOperation connect = connecting;
        if (connect != null) {
            finish(connect, handle.endOf(connect, 0));
        }
    }

    /** True if the JDK has nothing of this side's. */
    boolean quiet() {
        return attempt == null && closed.isEmpty();
    }

    // ---- Private ------------------------------------------------------------------------------

    private void begin(ConnectOperation connect) {
        assert attempt == null;
        AsynchronousSocketChannel channel;
        try {
            AsynchronousSocketChannel opened = ahead.getAndSet(null);
            channel = opened != null ? opened : handle.openChannel();
        } catch (Throwable thrown) {
            finish(connect, failureOf(connect, thrown));
            return;
        }
        Attempt begun = new Attempt(channel, new PhysicalCall<>(serializer, nothing -> { }));
        attempt = begun;
        begun.call.begin();
        try {
            handle.calls().connect(channel, connect.remote(), begun.call);
        } catch (Throwable thrown) {
            begun.call.failed(thrown, null);
        }
    }

    private @Nullable Connection conclude(ConnectOperation connect, Attempt landed) {
        assert attempt == null;
        Throwable thrown = landed.call.failure();
        try {
            if (thrown == null) {
                Connection connection = Connection.of(landed.channel);
                // Before the handler, which may ask for the addresses.
                handle.connected(connection);
                finish(connect, null);
                return connection;
            }
        } catch (IOException e) {
            thrown = e;
        }
        handle.close(landed.channel);
        finish(connect, failureOf(connect, thrown));
        return null;
    }

    private void closeAttempt() {
        Attempt begun = attempt;
        if (begun != null) {
            attempt = null;
            handle.close(begun.channel);
            if (!begun.call.landed()) {
                closed.add(begun);
            }
        }
    }

    private void finish(ConnectOperation connect, @Nullable Throwable cause) {
        assert attempt == null : "nothing of an operation is left when it ends";
        assert connecting == connect;
        connecting = null;
        handle.finish(connect, cause);
    }

    private static IOException failureOf(ConnectOperation connect, Throwable thrown) {
        if (thrown instanceof UnresolvedAddressException) {
            return new UnknownHostException(connect.remote() instanceof InetSocketAddress address
                    ? address.getHostString() : connect.remote().toString());
        }
        return thrown instanceof IOException failure ? failure
                : new IOException("Cannot connect to " + connect.remote() + ".", thrown);
    }
}
