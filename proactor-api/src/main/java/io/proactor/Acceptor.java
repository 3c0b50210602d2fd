package io.proactor;

import io.proactor.operation.AcceptOperation;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ListenHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    private final SocketPool pool;
    private final Accepts accepts;

    // Set once, by acceptAll.
    private final AtomicReference<@Nullable AcceptLoop<?>> loop = new AtomicReference<>();

    Acceptor(Proactor proactor, ListenHandle handle, ListenOptions options, SocketPool pool) {
        this.proactor = proactor;
        this.handle = handle;
        this.pool = pool;
        handle.session(this);
        accepts = new Accepts(proactor, handle, options, pool, this::slotFreed);
    }

    /** Makes a listener; a failure names the address, whatever the processor says of it. */
    static ListenHandle bind(AsynchronousOperationProcessor processor, SocketAddress local,
            ListenOptions options) throws IOException {
        if (local instanceof InetSocketAddress address && address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        try {
            return processor.listen(local, options.backlog());
        } catch (UnsupportedAddressTypeException e) {
            throw new IOException("Cannot listen on " + local + ".", e);
        }
    }

    /** As {@link #accept(long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    public <A extends @Nullable Object> long accept(A attachment,
            CompletionHandler<? super Accepted, ? super A> handler) {
        return accept(0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates the accept of one connection. Any number may be pending; they are served in order.
     *
     * <p>Result: the connection. If the handler throws, it is closed.
     *
     * <p>Failure: only of this operation, by cancel, timeout, close or shutdown. What the system
     * refuses is tried again and goes to the {@link ProactorListener}.
     *
     * <p>With a first block or a validation, a client that stays silent or is refused is replaced
     * by another, and the timeout is for all of them together. The id names the wait for the first.
     */
    public <A extends @Nullable Object> long accept(long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Accepted, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        long timeoutNanos = unit.toNanos(timeout);
        AcceptOperation operation = accepts.claim();
        if (operation == null) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        operation.prepare(timeoutNanos, operation,
                new SingleAccept<>(accepts, timeoutNanos, attachment, handler));
        accepts.began();
        return accepts.initiate(operation);
    }

    /**
     * Accepts every connection from now on, with {@link ListenOptions#acceptsPosted} accepts posted
     * in advance while there are free slots. To be called once.
     *
     * <p>Result: {@code completed} is called for each connection. If it throws, that connection is
     * closed.
     *
     * <p>Failure: {@code failed} is called once, when the acceptor is closed or the proactor shut
     * down, after the last connection.
     *
     * @throws IllegalStateException if it has been called before
     * @throws RejectedExecutionException if the proactor has been shut down
     */
    public <A extends @Nullable Object> void acceptAll(A attachment,
            CompletionHandler<? super Accepted, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        AcceptLoop<A> accepting = new AcceptLoop<>(handle, accepts, attachment, handler);
        if (!loop.compareAndSet(null, accepting)) {
            throw new IllegalStateException("This acceptor accepts all connections already.");
        }
        accepting.post();
        if (accepting.endsNow()) {
            handle.fail(new SocketClosedException(0), attachment, handler);
        }
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

    /** Returns the number of accepts that wait for a connection and have a place to put it. */
    public int acceptsOutstanding() {
        return accepts.outstanding();
    }

    /** Returns the number of connections that were accepted and are not over yet. */
    public int connections() {
        return accepts.live();
    }

    /** Returns how many connections were closed because their first block did not come in time. */
    public long silentClosed() {
        return accepts.silentClosed();
    }

    /**
     * Returns how many connections {@link ListenOptions#validation} refused, or were more than
     * {@link ListenOptions#connectionsPerAddress}.
     */
    public long refused() {
        return accepts.refused();
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

    /** A connection's slot, here or at another acceptor of the pool, is free again. Any thread. */
    private void slotFreed() {
        AcceptLoop<?> accepting = loop.get();
        if (accepting != null) {
            accepting.post();
        }
        handle.resume();
    }
}
