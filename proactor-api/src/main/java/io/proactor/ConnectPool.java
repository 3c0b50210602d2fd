package io.proactor;

import io.proactor.spi.StreamHandle;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sockets for outgoing connections: made, and their descriptors opened, before they are needed, and
 * used again after {@link StreamSocket#disconnect}. A socket that cannot be connected goes back by
 * itself; one that is closed is replaced.
 *
 * <p>Threads: every method may be called by any thread.
 */
public final class ConnectPool {

    private final Proactor proactor;
    private final SocketPool pool;

    ConnectPool(Proactor proactor, int minimum, int maximum) {
        this.proactor = proactor;
        pool = proactor.newSocketPool(0, minimum, maximum);
        replenish();
    }

    /**
     * Initiates a connect to {@code remote}, of a socket of the pool.
     *
     * <p>Result: the connected socket, which belongs to the application until it closes or
     * disconnects it.
     *
     * <p>Failure: as {@link StreamSocket#connect(SocketAddress, long, TimeUnit, Object,
     * CompletionHandler)}.
     *
     * @param timeout 0 or less leaves it to the system
     * @return the operation's id, for {@link Proactor#cancel}
     * @throws IllegalStateException if all sockets of the pool are in use
     * @throws RejectedExecutionException if the proactor drains or is shut down
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, long timeout,
            TimeUnit unit, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        if (!pool.reserve()) {
            throw new IllegalStateException(
                    "All " + pool.maximum() + " sockets of the pool are in use.");
        }
        pool.taken();
        Place place = new Place(pool, pool::release, true);
        StreamHandle handle = null;
        boolean initiated = false;
        try {
            StreamHandle resting = pool.resting().take();
            handle = resting != null ? resting : proactor.openStream();
            handle.onTermination(place);
            StreamSocket socket = proactor.pooledSocket(handle);
            socket.place(place);
            long id = socket.initiator().connect(remote, socket, unit.toNanos(timeout), attachment,
                    new Attempt<>(socket, handler));
            initiated = true;
            replenishIfRunning();
            return id;
        } finally {
            if (!initiated) {
                if (handle == null) {
                    place.run();
                } else {
                    place.rest(handle);
                }
            }
        }
    }

    /** Makes as many sockets as are missing from the minimum, if there are slots for them. */
    private void replenish() {
        boolean kept = true;  // false once this pool is closed: what is made then is closed at once
        while (kept && pool.atRest() < Math.min(pool.minimum(), pool.free())) {
            kept = pool.resting().put(proactor.openStream(), true);
        }
    }

    /** As {@link #replenish}, for one whose connect has been initiated: it must not throw. */
    private void replenishIfRunning() {
        try {
            replenish();
        } catch (RejectedExecutionException e) {
            // The proactor has begun to drain. Nobody will need another socket.
        }
    }

    /** Returns the number of sockets that are connected, or being connected. */
    public int inUse() {
        return pool.inUse();
    }

    /** Returns the number of sockets at rest, with a descriptor each. */
    public int atRest() {
        return pool.atRest();
    }

    /** Returns how often a slot was taken that had served a connection before. */
    public long reused() {
        return pool.reused();
    }

    /**
     * Closes the sockets at rest, and keeps none from now on. Those in use stay, and connects go on
     * to be possible, each with a socket that is made for it.
     */
    public void close() {
        pool.resting().end();
        proactor.pools.remove(pool);
    }

    /** A socket that could not be connected goes back when its handler has returned. */
    private static final class Attempt<A extends @Nullable Object>
            implements CompletionHandler<StreamSocket, A> {
        private final StreamSocket socket;
        private final CompletionHandler<? super StreamSocket, ? super A> handler;

        Attempt(StreamSocket socket, CompletionHandler<? super StreamSocket, ? super A> handler) {
            this.socket = socket;
            this.handler = handler;
        }

        @Override
        public void completed(StreamSocket connected, A attachment) {
            handler.completed(connected, attachment);
        }

        @Override
        public void failed(Throwable cause, A attachment) {
            socket.rest();
            handler.failed(cause, attachment);
        }
    }
}
