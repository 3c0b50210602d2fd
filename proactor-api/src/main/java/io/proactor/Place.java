package io.proactor;

import io.proactor.spi.StreamHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slot of one connection, from its admission until the connection is over. That may be seen in
 * two ways: the socket is closed, or it was disconnected and rests.
 *
 * <p>Threads: any.
 */
final class Place implements Runnable {

    private static final VarHandle GIVEN;

    static {
        try {
            GIVEN = MethodHandles.lookup().findVarHandle(Place.class, "given", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SocketPool pool;
    private final Runnable over;
    private final boolean opensAhead;
    private volatile boolean given;        // true exactly from when it is free; any thread: CAS
    private @Nullable Runnable alsoOver;  // guarded by this; null once it is run

    /**
     * @param over is run once, when the connection is over
     * @param opensAhead true if a socket at rest is to have a descriptor for its next connect
     */
    Place(SocketPool pool, Runnable over, boolean opensAhead) {
        this.pool = pool;
        this.over = over;
        this.opensAhead = opensAhead;
    }

    /** The socket is closed, and the last of its handlers has returned. */
    @Override
    public void run() {
        if (GIVEN.compareAndSet(this, false, true)) {
            end();
        }
    }

    /** Sets what else is run once, when the connection is over; at once if it is over already. */
    void whenOver(Runnable also) {
        synchronized (this) {
            if (!given) {
                alsoOver = also;
                return;
            }
        }
        also.run();
    }

    private void end() {
        Runnable also;
        synchronized (this) {
            also = alsoOver;
            alsoOver = null;
        }
        if (also != null) {
            also.run();  // first: who takes the place may be the next one of the same address
        }
        over.run();
    }

    /** The socket is disconnected, and the last of its handlers has returned. */
    void rest(StreamHandle handle) {
        if (GIVEN.compareAndSet(this, false, true)) {
            handle.unbind();
            handle.resetWritable();
            handle.onTermination(() -> { });
            pool.resting().put(handle, opensAhead);
            end();
        }
    }

    /** The socket was to be given back, but is not connected. */
    void refuseReturn() {
        pool.refuseReturn();
    }
}
