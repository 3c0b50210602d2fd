package io.proactor.engine.uring;

import io.proactor.engine.event.Failures;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ConnectOperation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The making of a connection. Each attempt has a socket of its own, because one whose connect
 * failed cannot be used again (connect(2), "Notes"). If there is first data, the kernel is given
 * both at once; the attempt is over when it has told how both did. Methods belong to the loop's
 * thread unless they say so.
 */
final class ConnectSide implements Requester {

    private final UringStreamHandle handle;

    // From submit to completion. Any thread sets it, when there is none.
    private volatile @Nullable ConnectOperation pending;

    private long request = SlotTable.NONE;  // what is in flight, or NONE
    private boolean cancelling;  // true exactly from the cancel of the request to its completion
    private @Nullable FirstData first;  // made when there first is some
    private int outcome;  // of the connect, until the first data is over too

    ConnectSide(UringStreamHandle handle) {
        this.handle = handle;
    }

    /** Any thread; the loop has to be told. */
    void offer(ConnectOperation connect) {
        assert pending == null;
        pending = connect;
    }

    boolean inFlight() {
        return request != SlotTable.NONE || first != null && first.inFlight();
    }

    void advance() {
        ConnectOperation connect = pending;
        if (connect == null) {
            return;
        }
        AbortReason reason = connect.aborting();
        if (inFlight()) {
            if (reason != null) {
                cancel();
            }
        } else if (reason != null) {
            fail(connect, Failures.aborted(reason, 0));
        } else if (handle.loop().draining()) {
            fail(connect, Failures.aborted(AbortReason.SHUTDOWN, 0));
        } else {
            handle.arm(connect);
            attempt(connect);
        }
    }

    /** The handle ends: so does the connect, at once if the kernel has nothing of it. */
    void end() {
        ConnectOperation connect = pending;
        if (connect == null) {
            return;
        }
        if (inFlight()) {
            cancel();
        } else {
            finish(connect, handle.endFailure(0));
        }
    }

    /** Nothing will be heard of the request any more. */
    void forgetRequest() {
        request = SlotTable.NONE;
        cancelling = false;
        if (first != null) {
            first.forget();
        }
    }

    /** The first data is over as soon as the connect is, and ends with it. */
    private void cancel() {
        if (!cancelling && request != SlotTable.NONE) {
            cancelling = true;
            handle.loop().requests().cancel(request);
        }
    }

    private void attempt(ConnectOperation connect) {
        SocketAddress remote = connect.remote();
        try {
            if (!(remote instanceof InetSocketAddress address)) {
                fail(connect, new IOException("Cannot connect to " + remote + "."));
            } else if (address.isUnresolved()) {
                fail(connect, new UnknownHostException(address.getHostString()));
            } else {
                submit(connect, address);
            }
        } catch (RingFailure e) {
            throw e;
        } catch (SystemCallException e) {
            fail(connect, e);
        } catch (RuntimeException | Error e) {
            // An address of a kind that the socket does not take, or want of memory.
            fail(connect, new IOException("Cannot connect to " + remote + ".", e));
        }
    }

    private void submit(ConnectOperation connect, InetSocketAddress remote)
            throws SystemCallException {
        SocketDescriptor descriptor = handle.descriptor();
        descriptor.open(remote);
        Requests requests = handle.loop().requests();
        ByteBuffer data = connect.first();
        if (data != null && data.hasRemaining() && handle.loop().links()) {
            if (first == null) {
                first = new FirstData(this, handle);
            }
            first.gather(data);
            request = requests.connect(this, descriptor.fd(), descriptor.family(), remote, first);
        } else {
            request = requests.connect(this, descriptor.fd(), descriptor.family(), remote);
        }
        handle.submitted();
    }

    @Override
    public void onCompletion(int result, int flags) {
        request = SlotTable.NONE;
        cancelling = false;
        outcome = result;
        handle.completed();
        onPartOver();
    }

    /** The connect is over, or the first data. */
    void onPartOver() {
        if (inFlight()) {
            return;
        }
        ConnectOperation connect = pending;
        assert connect != null;
        if (outcome >= 0) {
            succeed(connect);
        } else {
            onError(connect, -outcome);
        }
        handle.settle();
    }

    private void succeed(ConnectOperation connect) {
        try {
            handle.descriptor().connected();
            ByteBuffer data = connect.first();
            if (data != null && first != null) {
                first.book(data);
            }
            finish(connect, null);
            handle.onConnected();
        } catch (SystemCallException e) {
            fail(connect, e);  // the peer has taken it back already
        }
    }

    private void onError(ConnectOperation connect, int errno) {
        AbortReason reason = connect.aborting();
        if (reason != null) {
            fail(connect, Failures.aborted(reason, 0));
        } else if (handle.ending()) {
            finish(connect, handle.endFailure(0));
        } else if (errno == Errno.EINTR || errno == Errno.EAGAIN) {
            handle.descriptor().close();
            attempt(connect);  // the kernel was disturbed; nothing is known of the peer
        } else {
            fail(connect, Errors.connect(errno, connect.remote()));
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }

    /** The attempt failed; the handle may be connected again. */
    private void fail(ConnectOperation connect, IOException cause) {
        handle.descriptor().close();
        finish(connect, cause);
    }

    private void finish(ConnectOperation connect, @Nullable Throwable cause) {
        if (first != null) {
            first.discard();
        }
        pending = null;
        handle.finish(connect, cause);
    }
}
