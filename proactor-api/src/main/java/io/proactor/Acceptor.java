package io.proactor;

import io.proactor.operation.AcceptOperation;
import io.proactor.spi.Admission;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.StreamHandle;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections. Accepts are posted in advance, into free slots of a {@link SocketPool}, and
 * are posted again before the application's handler runs. At the limit of connections the clients
 * wait in the system's backlog. No failure to accept ends an acceptor: it is reported to the
 * {@link ProactorListener}, and tried again after a pause if it is for want of descriptors or
 * memory.
 *
 * <p>Threads: every method may be called by any thread. Handlers of one acceptor never overlap.
 */
public final class Acceptor implements AutoCloseable {

    private final Proactor proactor;
    private final ListenHandle handle;
    private final ListenOptions options;
    private final SocketPool pool;
    private final Runnable slotFreed = this::slotFreed;

    // Guarded by lock, which is never held while a handler or another lock's owner is waited for.
    private final Object lock = new Object();
    private final ArrayDeque<AcceptOperation> idle = new ArrayDeque<>();
    private int posted;  // accepts that are pending and have not been admitted yet
    private int live;    // connections that have been admitted and are not terminated

    // Set once, by acceptAll.
    private volatile @Nullable AcceptLoop<?> loop;

    Acceptor(Proactor proactor, ListenHandle handle, ListenOptions options, SocketPool pool) {
        this.proactor = proactor;
        this.handle = handle;
        this.options = options;
        this.pool = pool;
        handle.session(this);
        handle.admission(new Credit());
        pool.register(slotFreed);
        handle.onTermination(() -> pool.unregister(slotFreed));
    }

    /** As {@link #accept(long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    public <A extends @Nullable Object> long accept(A attachment,
            CompletionHandler<Accepted, ? super A> handler) {
        return accept(0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates the accept of one connection. Any number may be pending; they are served in order.
     *
     * <p>Result: the connection. If the handler throws, it is closed.
     *
     * <p>Failure: only of this operation, by cancel, timeout, close or shutdown. What the system
     * refuses is tried again and goes to the {@link ProactorListener}.
     */
    public <A extends @Nullable Object> long accept(long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Accepted, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        long timeoutNanos = unit.toNanos(timeout);
        AcceptOperation operation = take();
        if (!handle.claim(operation)) {
            giveBack(operation);
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        operation.prepare(timeoutNanos, operation, new SingleAccept<>(attachment, handler));
        return initiate(operation);
    }

    /**
     * Accepts every connection from now on, with {@link ListenOptions#acceptsPosted} accepts posted
     * in advance while there are free slots. To be called once.
     *
     * <p>Result: {@code completed} is called for each connection. If it throws, that connection is
     * closed.
     *
     * <p>Failure: {@code failed} is called once, when the acceptor is closed or the proactor shut
     * down.
     *
     * @throws IllegalStateException if it has been called before
     */
    public <A extends @Nullable Object> void acceptAll(A attachment,
            CompletionHandler<Accepted, ? super A> handler) {
        AcceptLoop<A> accepting =
                new AcceptLoop<>(attachment, Objects.requireNonNull(handler, "handler"));
        synchronized (lock) {
            if (loop != null) {
                throw new IllegalStateException("This acceptor accepts all connections already.");
            }
            loop = accepting;
        }
        accepting.post();
    }

    /** As {@link #acceptAll(Object, CompletionHandler)}, for those who need not hear of the end. */
    public void acceptAll(Consumer<? super Accepted> handler) {
        Objects.requireNonNull(handler, "handler");
        acceptAll(null, new CompletionHandler<Accepted, @Nullable Void>() {
            @Override
            public void completed(Accepted accepted, @Nullable Void attachment) {
                handler.accept(accepted);
            }

            @Override
            public void failed(Throwable cause, @Nullable Void attachment) {
                // The acceptor was closed, by somebody who knows.
            }
        });
    }

    /** Cancels one accept; see {@link StreamSocket#cancel}. */
    public boolean cancel(long operationId) {
        return proactor.cancel(operationId, handle);
    }

    /** Returns the address that is listened on, with the port that the system chose. */
    public SocketAddress localAddress() {
        return handle.localAddress();
    }

    /** Returns the number of accepts that wait for a connection. */
    public int acceptsOutstanding() {
        synchronized (lock) {
            return posted;
        }
    }

    /** Returns the number of connections that were accepted and are not over yet. */
    public int connections() {
        synchronized (lock) {
            return live;
        }
    }

    /** Returns the pool whose slots the connections take. */
    public SocketPool pool() {
        return pool;
    }

    /**
     * Stops listening: pending accepts end with {@link SocketClosedException}. Connections that
     * were accepted stay. Any number of times.
     */
    @Override
    public void close() {
        handle.close();
    }

    /** Returns false from the first {@link #close}. */
    public boolean isOpen() {
        return handle.isOpen();
    }

    @Override
    public String toString() {
        return "Acceptor[" + localAddress() + (isOpen() ? "]" : ", closed]");
    }

    // ---- Private ------------------------------------------------------------------------------

    private AcceptOperation take() {
        synchronized (lock) {
            AcceptOperation operation = idle.poll();
            return operation != null ? operation : handle.newAccept();
        }
    }

    private void giveBack(AcceptOperation operation) {
        synchronized (lock) {
            idle.push(operation);
        }
    }

    private long initiate(AcceptOperation operation) {
        post(1);
        try {
            return handle.initiate(operation);
        } catch (RejectedExecutionException e) {
            post(-1);
            giveBack(operation);
            throw e;
        }
    }

    private void post(int more) {
        synchronized (lock) {
            posted += more;
            assert posted >= 0;
        }
        pool.accepting(more);
    }

    /** The accept failed: it had not been admitted. */
    private void failed(AcceptOperation operation) {
        post(-1);
        giveBack(operation);
    }

    /** A connection's slot, here or at another acceptor of the pool, is free again. Any thread. */
    private void slotFreed() {
        AcceptLoop<?> accepting = loop;
        if (accepting != null) {
            accepting.post();
        }
        handle.resume();
    }

    private void terminated() {
        synchronized (lock) {
            live--;
            assert live >= 0;
        }
        pool.release();
    }

    private Accepted adopt(StreamHandle stream) {
        StreamSocket socket = proactor.newSocket(stream);
        SocketAddress local = stream.localAddress();
        SocketAddress remote = stream.remoteAddress();
        assert local != null;
        assert remote != null;
        return new Accepted(socket, local, remote);
    }

    private <A extends @Nullable Object> void deliver(StreamHandle stream, long id, A attachment,
            CompletionHandler<Accepted, ? super A> handler) {
        Accepted accepted = adopt(stream);
        try {
            handler.completed(accepted, attachment);
        } catch (Throwable thrown) {
            proactor.handlerThrew(thrown, id, stream);
        }
    }

    /** Lets a connection in while the limit and the pool have a place. Called by the processor. */
    private final class Credit implements Admission {
        @Override
        public boolean admit() {
            synchronized (lock) {
                if (live == options.connectionsMax() || !pool.reserve()) {
                    return false;
                }
                live++;
                posted--;
            }
            pool.accepting(-1);
            return true;
        }

        @Override
        public void withdraw() {
            synchronized (lock) {
                live--;
                posted++;
                pool.withdraw();
            }
            pool.accepting(1);
        }
    }

    /** The handler of one accept. */
    private final class SingleAccept<A extends @Nullable Object>
            implements CompletionHandler<StreamHandle, AcceptOperation> {
        private final A attachment;
        private final CompletionHandler<Accepted, ? super A> handler;

        SingleAccept(A attachment, CompletionHandler<Accepted, ? super A> handler) {
            this.attachment = attachment;
            this.handler = handler;
        }

        @Override
        public void completed(StreamHandle stream, AcceptOperation operation) {
            long id = operation.id();
            stream.onTermination(Acceptor.this::terminated);
            giveBack(operation);
            deliver(stream, id, attachment, handler);
        }

        @Override
        public void failed(Throwable cause, AcceptOperation operation) {
            Acceptor.this.failed(operation);
            handler.failed(cause, attachment);
        }
    }

    /** The handler of all accepts that {@code acceptAll} keeps posted. */
    private final class AcceptLoop<A extends @Nullable Object>
            implements CompletionHandler<StreamHandle, AcceptOperation> {
        private final A attachment;
        private final CompletionHandler<Accepted, ? super A> handler;

        // True exactly when the end was delivered. The handlers are in order.
        private boolean ended;

        AcceptLoop(A attachment, CompletionHandler<Accepted, ? super A> handler) {
            this.attachment = attachment;
            this.handler = handler;
        }

        /** Posts as many accepts as there are places for. Any thread. */
        void post() {
            while (handle.isOpen() && postOne()) {
                // The condition does the work.
            }
        }

        private boolean postOne() {
            AcceptOperation operation;
            synchronized (lock) {
                int places = Math.min(pool.free(), options.connectionsMax() - live);
                if (posted >= Math.min(options.acceptsPosted(), places)) {
                    return false;
                }
                operation = take();
            }
            try {
                if (!handle.claim(operation)) {
                    giveBack(operation);
                    return false;
                }
                operation.prepare(0, operation, this);
                initiate(operation);
                return true;
            } catch (RejectedExecutionException e) {
                return false;  // the proactor shuts down; the accepts that are pending will say so
            }
        }

        @Override
        public void completed(StreamHandle stream, AcceptOperation operation) {
            long id = operation.id();
            stream.onTermination(Acceptor.this::terminated);
            giveBack(operation);
            post();  // before the application's handler: a slow one must not keep others waiting
            deliver(stream, id, attachment, handler);
        }

        @Override
        public void failed(Throwable cause, AcceptOperation operation) {
            Acceptor.this.failed(operation);
            if (!handle.isOpen() && !ended) {
                ended = true;
                handler.failed(cause, attachment);
            }
        }
    }
}
