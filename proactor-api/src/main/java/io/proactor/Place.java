package io.proactor;

import io.proactor.spi.StreamHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The slot of one connection, from its admission until the connection is over. That may be seen in
 * two ways: the socket is closed, or it was disconnected and rests.
 *
 * <p>Threads: any.
 */
final class Place implements Runnable {

    private final Accepts accepts;
    private final SocketPool pool;
    private final AtomicBoolean given = new AtomicBoolean();  // true exactly from when it is free

    Place(Accepts accepts, SocketPool pool) {
        this.accepts = accepts;
        this.pool = pool;
    }

    /** The socket is closed, and the last of its handlers has returned. */
    @Override
    public void run() {
        if (given.compareAndSet(false, true)) {
            accepts.over();
        }
    }

    /** The socket is disconnected, and the last of its handlers has returned. */
    void rest(StreamHandle handle) {
        if (given.compareAndSet(false, true)) {
            handle.unbind();
            handle.resetWritable();
            handle.onTermination(() -> { });
            pool.resting().put(handle);
            accepts.over();
        }
    }

    /** The socket was to be given back, but is not connected. */
    void refuseReturn() {
        pool.refuseReturn();
    }
}
