package io.proactor.engine.queue;

import io.proactor.engine.event.Failures;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ConnectOperation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/**
 * The making of a connection. Each attempt has a channel of its own, because one whose connect
 * failed cannot be used again (connect(2), "Notes"). Methods belong to the loop's thread unless
 * they say so.
 */
final class ConnectSide {

    private final SelectorStreamHandle handle;

    // From submit to completion. Any thread sets it, when there is none.
    private volatile @Nullable ConnectOperation pending;

    private boolean attempting;  // true exactly while OP_CONNECT is awaited

    ConnectSide(SelectorStreamHandle handle) {
        this.handle = handle;
    }

    /** Any thread; the loop has to be told. */
    void offer(ConnectOperation connect) {
        assert pending == null;
        pending = connect;
    }

    void advance() {
        ConnectOperation connect = pending;
        if (connect == null) {
            return;
        }
        AbortReason reason = connect.aborting();
        if (reason != null) {
            fail(connect, Failures.aborted(reason, 0));
        } else if (attempting) {
            return;
        } else if (handle.loop().draining()) {
            fail(connect, Failures.aborted(AbortReason.SHUTDOWN, 0));
        } else {
            attempt(connect);
        }
    }

    void onConnectable() {
        ConnectOperation connect = pending;
        if (connect == null || !attempting) {
            return;
        }
        try {
            if (handle.loop().calls().finishConnect(handle.link().channel())) {
                handle.link().unwant(SelectionKey.OP_CONNECT);
                succeed(connect);
            }
        } catch (IOException e) {
            fail(connect, e);
        } catch (RuntimeException | Error e) {
            fail(connect, new IOException("Cannot connect to " + connect.remote() + ".", e));
        }
    }

    /** The handle is closed. */
    void end(AbortReason reason, @Nullable Throwable cause) {
        ConnectOperation connect = pending;
        if (connect != null) {
            finish(connect, cause != null ? cause : Failures.aborted(reason, 0));
        }
    }

    private void attempt(ConnectOperation connect) {
        handle.arm(connect);
        try {
            SocketChannel opened = handle.link().open();
            if (!handle.link().prepared()) {
                opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            if (handle.loop().calls().connect(opened, connect.remote())) {
                succeed(connect);
            } else {
                attempting = true;
                handle.link().want(SelectionKey.OP_CONNECT);
            }
        } catch (UnresolvedAddressException e) {
            fail(connect, new UnknownHostException(hostOf(connect.remote())));
        } catch (IOException e) {
            fail(connect, e);
        } catch (RuntimeException | Error e) {
            // An address of a kind that the channel does not take, or want of memory.
            fail(connect, new IOException("Cannot connect to " + connect.remote() + ".", e));
        }
    }

    private void succeed(ConnectOperation connect) throws IOException {
        handle.link().connected();
        finish(connect, null);
    }

    /** The attempt failed; the handle may be connected again. */
    private void fail(ConnectOperation connect, IOException cause) {
        handle.link().close();
        finish(connect, cause);
    }

    private void finish(ConnectOperation connect, @Nullable Throwable cause) {
        attempting = false;
        pending = null;
        handle.finish(connect, cause);
    }

    private static String hostOf(SocketAddress remote) {
        return remote instanceof InetSocketAddress address
                ? address.getHostString() : remote.toString();
    }
}
