package io.proactor.engine.simulated;

import io.proactor.engine.event.Failures;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ConnectOperation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The making of a connection. Each attempt has a descriptor of its own. */
final class ConnectSide implements Request.Owner {

    private final SimulatedStreamHandle handle;
    private final World world;
    final Request request = new Request(this);

    // From submit to completion.
    private @Nullable ConnectOperation pending;
    private boolean begun;  // true exactly while an attempt is under way

    ConnectSide(SimulatedStreamHandle handle) {
        this.handle = handle;
        world = handle.world();
    }

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
        if (begun) {
            if (reason != null) {
                handle.cancel(request);
            }
        } else if (reason != null) {
            finish(connect, Failures.aborted(reason, 0));
        } else if (handle.loop().draining()) {
            finish(connect, Failures.aborted(AbortReason.SHUTDOWN, 0));
        } else {
            attempt(connect);
        }
    }

    private void attempt(ConnectOperation connect) {
        SocketAddress remote = connect.remote();
        if (!(remote instanceof InetSocketAddress address)) {
            finish(connect, new IOException("The address is of another kind: " + remote));
            return;
        }
        if (address.isUnresolved()) {
            finish(connect, new UnknownHostException(address.getHostString()));
            return;
        }
        int errno = handle.link().open();
        if (errno < 0) {
            finish(connect, Errno.exception(errno));
            return;
        }
        begun = true;
        handle.arm(connect);
        world.kernel().connect(handle.link().fd(), address);
        request.prepare(Request.Kind.CONNECT, handle.link().fd(), null, null, 0);
        handle.submit(request);
    }

    @Override
    public void onResult(Request.Kind kind, int result) {
        ConnectOperation connect = pending;
        assert connect != null;
        begun = false;
        if (result == 0) {
            handle.link().connected();
            finish(connect, null);
        } else {
            handle.link().close();
            AbortReason reason = connect.aborting();
            if (result != Errno.ECANCELED) {
                finish(connect, Errno.exception(result));
            } else {
                finish(connect, Failures.aborted(
                        reason != null ? reason : handle.endReason(), 0));
            }
        }
        handle.afterResult();
    }

    /** The handle ends, and nothing of it is under way. */
    void end(AbortReason reason) {
        ConnectOperation connect = pending;
        if (connect != null) {
            finish(connect, Failures.aborted(reason, 0));
        }
    }

    private void finish(ConnectOperation connect, @Nullable IOException cause) {
        pending = null;
        handle.finish(connect, cause);
    }

    void checkAtRest() {
        if (pending != null) {
            throw new Violation("A connect does not end: " + pending);
        }
    }
}
