package io.proactor;

import io.proactor.operation.AcceptOperation;
import io.proactor.spi.Admission;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.StreamHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The accepts of one {@link Acceptor}: which operations are free, how many are posted, how many
 * connections live, and who may have the next place. Any thread.
 */
final class Accepts implements Admission {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private final Proactor proactor;
    private final LongAdder silent = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final ListenHandle handle;
    private final ListenOptions options;
    private final SocketPool pool;
    private final Runnable slotFreed;
    private final AddressCounts addresses;

    // Guarded by this, which is not held while a handler runs or the processor is called.
    private final ArrayDeque<AcceptOperation> idle = new ArrayDeque<>();
    private int posted;    // accepts that are pending and have not been admitted yet
    private int admitted;  // accepts that were admitted, until their connection is there or not
    private int live;      // connections that have been admitted and are not terminated

    /**
     * @param slotFreed is run when a place may have become free, here or elsewhere in the pool
     */
    Accepts(Proactor proactor, ListenHandle handle, ListenOptions options, SocketPool pool,
            Runnable slotFreed) {
        this.proactor = proactor;
        this.handle = handle;
        this.options = options;
        this.pool = pool;
        this.slotFreed = slotFreed;
        addresses = new AddressCounts(options.connectionsPerAddress());
        pool.register(slotFreed);
        handle.onTermination(() -> {
            if (pool.unregister(slotFreed) && options.pool() == null) {
                pool.resting().end();
            }
        });
        handle.admission(this);
    }

    // ---- Initiating ---------------------------------------------------------------------------

    /** Returns a claimed operation, or null if the acceptor is closed for good. */
    @Nullable AcceptOperation claim() {
        AcceptOperation operation = borrow();
        if (operation == null) {
            operation = handle.newAccept();
        }
        boolean claimed = false;
        try {
            claimed = operation != null && handle.claim(operation);
        } finally {
            if (!claimed && operation != null) {
                giveBack(operation);
            }
        }
        return claimed ? operation : null;
    }

    /** Initiates a claimed and prepared operation, which {@link #began} has counted. */
    long initiate(AcceptOperation operation) {
        boolean initiated = false;
        try {
            long id = handle.initiate(operation);
            initiated = true;
            return id;
        } finally {
            if (!initiated) {
                giveBack(operation);
                ended();
            }
        }
    }

    private synchronized @Nullable AcceptOperation borrow() {
        return idle.poll();
    }

    private synchronized void giveBack(AcceptOperation operation) {
        idle.push(operation);
    }

    /** Any thread. Returns the time as the processor counts it. */
    long nanoTime() {
        return handle.context().nanoTime();
    }

    // ---- Counting -----------------------------------------------------------------------------

    /** An accept is about to be posted. */
    void began() {
        synchronized (this) {
            posted++;
        }
        pool.accepting(1);
    }

    /** An accept ended that had not been admitted. */
    void ended() {
        synchronized (this) {
            posted--;
            assert posted >= 0;
        }
        pool.accepting(-1);
    }

    /** Its handler was called: the accept failed. */
    void failed(AcceptOperation operation) {
        giveBack(operation);
        ended();
    }

    /** Its handler was called, with the connection that it was admitted for. */
    Place succeeded(AcceptOperation operation, StreamHandle stream) {
        giveBack(operation);
        Place place = new Place(pool, this::over, false);
        stream.onTermination(place);
        return place;
    }

    /** The connection of a place is over. Called once for it. */
    void over() {
        synchronized (this) {
            live--;
            assert live >= 0;
        }
        pool.release();
    }

    /** True if there is a place for the connection of one more accept in advance. */
    synchronized boolean wanted() {
        // One that was admitted may come back, if no connection was there.
        return posted + admitted < options.acceptsPosted() && posted < places();
    }

    /**
     * Returns the number of accepts that wait for a connection and have a place to put it. One that
     * was admitted has its place, and waits until its connection is there.
     */
    synchronized int outstanding() {
        return admitted + Math.min(posted, places());
    }

    /** Returns the number of connections that are there, without places that are only reserved. */
    synchronized int live() {
        return live - admitted;
    }

    /** With the lock. Returns how many more connections are allowed. */
    private int places() {
        return Math.min(pool.free(), options.connectionsMax() - live);
    }

    // ---- Admission ----------------------------------------------------------------------------

    @Override
    public boolean admit() {
        synchronized (this) {
            if (live == options.connectionsMax() || !pool.reserve()) {
                return false;
            }
            live++;
            posted--;
            admitted++;
        }
        pool.accepting(-1);
        return true;
    }

    @Override
    public @Nullable StreamHandle recycled() {
        return pool.resting().take();
    }

    @Override
    public void unused(StreamHandle stream) {
        pool.resting().put(stream, false);
    }

    @Override
    public void taken() {
        synchronized (this) {
            admitted--;
            assert admitted >= 0;
        }
        pool.taken();
    }

    @Override
    public void withdraw() {
        // The slot before the counts, so that outstanding() is never short of this accept.
        pool.unreserve();
        synchronized (this) {
            live--;
            posted++;
            admitted--;
        }
        pool.accepting(1);
        // Another acceptor of the pool may have been refused in between.
        pool.unreserved(slotFreed);
    }

    // ---- Delivering ---------------------------------------------------------------------------

    /**
     * Leads a connection to the application's handler: past the validation, and with its first
     * block if that was asked for. If the handler throws, the connection is closed and no other.
     */
    <A extends @Nullable Object> void deliver(StreamHandle stream, Place place, long id,
            A attachment, Delivery<A> delivery) {
        SocketAddress local = stream.localAddress();
        SocketAddress remote = stream.remoteAddress();
        assert local != null;
        assert remote != null;
        if (!valid(stream, id, local, remote) || !enter(remote, place)) {
            refused.increment();
            stream.close();
            delivery.none(null, attachment);
            return;
        }
        StreamSocket socket = proactor.pooledSocket(stream);
        socket.place(place);
        if (options.receiveLength() == 0) {
            complete(new Accepted(socket, local, remote, NO_BYTES), id, attachment, delivery);
        } else {
            new FirstBlock<>(this, socket, options, id, attachment, delivery).begin();
        }
    }

    /** Counts the connection under its client's address, if that may have another one. */
    private boolean enter(SocketAddress remote, Place place) {
        if (!addresses.enter(remote)) {
            return false;
        }
        if (options.connectionsPerAddress() > 0) {
            place.whenOver(() -> addresses.leave(remote));
        }
        return true;
    }

    private boolean valid(StreamHandle stream, long id, SocketAddress local,
            SocketAddress remote) {
        AcceptValidation validation = options.validation();
        try {
            return validation == null || validation.validate(local, remote);
        } catch (Throwable thrown) {
            proactor.handlerThrew(thrown, id, stream);
            return false;
        }
    }

    <A extends @Nullable Object> void complete(Accepted accepted, long id, A attachment,
            Delivery<A> delivery) {
        try {
            delivery.complete(accepted, attachment);
        } catch (Throwable thrown) {
            proactor.handlerThrew(thrown, id, accepted.socket().handle());
        }
    }

    /**
     * Runs something in order with the handlers of the acceptor; once the proactor has ended, when
     * there is no order to be kept any more, at once.
     */
    void inOrder(Runnable step) {
        if (!handle.tell(null, null, new Step(step))) {
            step.run();
        }
    }

    private record Step(Runnable body)
            implements CompletionHandler<@Nullable Void, @Nullable Void> {
        @Override
        public void completed(@Nullable Void result, @Nullable Void none) {
            body.run();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            throw new AssertionError("what is told does not fail", cause);
        }
    }

    /** Something of ours, or of somebody who holds the socket still, came between. */
    void threw(Throwable thrown, long id, StreamSocket socket) {
        proactor.handlerThrew(thrown, id, socket.handle());
    }

    /** The client said nothing in time. */
    void silent() {
        silent.increment();
    }

    /** Returns how many connections were closed because nothing came from them. */
    long silentClosed() {
        return silent.sum();
    }

    /** Returns how many connections the validation, or the bound of an address, refused. */
    long refused() {
        return refused.sum();
    }

    /** Where a connection is to go. */
    interface Delivery<A extends @Nullable Object> {

        /** Calls the application's handler. */
        void complete(Accepted accepted, A attachment);

        /**
         * The connection will not be delivered; it is closed.
         *
         * @param cause not null exactly if no other will come in its place
         */
        void none(@Nullable Throwable cause, A attachment);
    }
}
