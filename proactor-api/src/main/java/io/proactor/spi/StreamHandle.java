package io.proactor.spi;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.ConnectOperation;
import io.proactor.operation.DisconnectOperation;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.WriteOperation;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection. One read may be pending, and any number of writes, which are performed
 * in the order of their initiation.
 *
 * <p>A disconnect takes the connection away and leaves the handle open: it can be connected again,
 * or a listener can put another connection into it. The processor then knows nothing any more of
 * the one before: no byte that was left over, no end of stream, no shutdown of the output. What is
 * still pending when a disconnect is performed ends as by a close.
 */
public abstract class StreamHandle extends Handle {

    private static final VarHandle QUEUED;
    private static final VarHandle BLOCKED;
    private static final VarHandle AMONG_REFUSED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            QUEUED = lookup.findVarHandle(StreamHandle.class, "queued", long.class);
            BLOCKED = lookup.findVarHandle(StreamHandle.class, "blocked", boolean.class);
            AMONG_REFUSED =
                    lookup.findVarHandle(StreamHandle.class, "amongRefused", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int COUNT_SHIFT = 40;  // a terabyte below, 8 million writes above
    private static final long BYTES_MASK = (1L << COUNT_SHIFT) - 1;

    private final ReadOperation read;
    private @Nullable ConnectOperation connect;        // guarded by this; made when first asked for
    private @Nullable DisconnectOperation disconnect;  // likewise
    private boolean unregistered;                      // guarded by this; true exactly at the end

    // Writes from claim to retire: their number << COUNT_SHIFT | their bytes. Any thread.
    private volatile long queued;

    // True exactly from when the queue was found at a bound until it was told to be writable again.
    // Any thread: CAS.
    private volatile boolean blocked;

    // True exactly while the budget has this handle among those that it is to tell. Any thread:
    // CAS.
    private volatile boolean amongRefused;

    private volatile @Nullable Runnable writableListener;

    /** See {@link Handle}. */
    @SuppressWarnings("this-escape")  // the operation only keeps the reference
    protected StreamHandle(ProcessorContext context, @Nullable CompletionSequence sequence) {
        super(context, sequence);
        read = new ReadOperation(this, context.operations());
    }

    /** Returns the one read operation of this handle. */
    public final ReadOperation read() {
        return read;
    }

    /** Returns the one connect operation of this handle; null once it is terminated. Any thread. */
    public final synchronized @Nullable ConnectOperation connect() {
        if (unregistered) {
            return null;
        }
        if (connect == null) {
            connect = new ConnectOperation(this, context().operations());
        }
        return connect;
    }

    /**
     * Returns the one disconnect operation of this handle; null once it is terminated. Any thread.
     */
    public final synchronized @Nullable DisconnectOperation disconnect() {
        if (unregistered) {
            return null;
        }
        if (disconnect == null) {
            disconnect = new DisconnectOperation(this, context().operations());
        }
        return disconnect;
    }

    /**
     * Opens the descriptor that the next connect will use, so that the connect need not. Any
     * thread, on a handle that is not connected; does nothing if that was done already.
     *
     * @throws IOException if the system refuses
     */
    public abstract void openAhead() throws IOException;

    /**
     * As {@link #openAhead}, and returns what was opened, to be set up before the connect. Any
     * thread, on a handle that was never connected; once for each connect.
     *
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if the processor does not offer this
     */
    public PreparedSocket prepare() throws IOException {
        throw new UnsupportedOperationException("This processor prepares no sockets.");
    }

    /**
     * Reads what is there at this moment, if the processor can do so on the caller's thread. To be
     * called by the one who has claimed the read operation, on a handle that is never read until a
     * delimiter.
     *
     * @return the number of bytes; -1 at the end of the stream; 0 if nothing is there or the read
     *     has to be initiated for another reason
     * @throws IOException as the system says it; it does not come again
     */
    public int tryRead(ByteBuffer target) throws IOException {
        return 0;
    }

    /**
     * Writes what the system takes at this moment, if the processor can do so on the caller's
     * thread. To be called while no write of this handle is pending, nor initiated by others.
     *
     * @return the number of bytes, of all of the sources in order; 0 if none was taken or the write
     *     has to be initiated for another reason
     * @throws IOException as the system says it
     */
    public long tryWrite(ByteBuffer[] sources, int offset, int length) throws IOException {
        return 0;
    }

    /** As {@link #tryWrite(ByteBuffer[], int, int)}, of one source. */
    public int tryWrite(ByteBuffer source) throws IOException {
        return 0;
    }

    /**
     * Claims a write operation for this handle. Any thread.
     *
     * @return null if the handle is terminated
     * @throws java.util.concurrent.RejectedExecutionException if initiations are refused
     */
    public final @Nullable WriteOperation takeWrite() {
        WriteOperation operation = borrowWrite();
        boolean claimed = false;
        try {
            operation.adopt(this);
            claimed = claim(operation);
        } finally {
            if (!claimed) {
                returnWrite(operation);
            }
        }
        return claimed ? operation : null;
    }

    /** Returns an IDLE write operation from the processor's free list. Any thread. */
    protected abstract WriteOperation borrowWrite();

    /** Gives an IDLE write operation to the processor's free list. Any thread. */
    protected abstract void returnWrite(WriteOperation operation);

    /**
     * Sets what is run each time the queue becomes writable again; null for nothing. On any thread;
     * it only leaves a message.
     */
    public final void onWritable(@Nullable Runnable listener) {
        writableListener = listener;
    }

    /** Any thread. False from when the queue reached a bound until it is at its low mark. */
    public final boolean writable() {
        return !blocked;
    }

    /** Any thread. True if the queue itself is at one of its bounds at this moment. */
    public final boolean full() {
        long now = queued;
        return marks().reached(now & BYTES_MASK, now >>> COUNT_SHIFT);
    }

    /**
     * Books a write on the queue, unless the queue is at one of its bounds. Any thread.
     *
     * <p>A write is let in while the queue is below its bound, however large the write itself is,
     * so the bytes that the queue can keep from the application are at most the bound and one
     * write.
     *
     * @return false if the queue is full
     */
    public final boolean reserve(long bytes) {
        WriteBudget budget = context().writeBudget();
        WriteMarks marks = budget.marks();
        if (!budget.reserve(bytes)) {
            block();
            budget.await(this);
            return false;
        }
        while (true) {
            long now = queued;
            if (marks.reached(now & BYTES_MASK, now >>> COUNT_SHIFT)) {
                budget.release(bytes);
                block();
                unblockIfLow();
                return false;
            }
            long next = now + (1L << COUNT_SHIFT) + bytes;
            if (QUEUED.compareAndSet(this, now, next)) {
                if (marks.reached(next & BYTES_MASK, next >>> COUNT_SHIFT)) {
                    block();
                    unblockIfLow();
                }
                return true;
            }
        }
    }

    /** As {@link #reserve} for a write that no bound refuses. Any thread. */
    public final void book(long bytes) {
        context().writeBudget().book(bytes);
        QUEUED.getAndAdd(this, (1L << COUNT_SHIFT) + bytes);
    }

    /** Takes a reservation back. Any thread. */
    public final void unreserve(long bytes) {
        long before = (long) QUEUED.getAndAdd(this, -((1L << COUNT_SHIFT) + bytes));
        assert (before & BYTES_MASK) >= bytes;
        assert before >>> COUNT_SHIFT > 0;
        context().writeBudget().release(bytes);
        if (blocked) {
            unblockIfLow();
        }
    }

    private WriteMarks marks() {
        return context().writeBudget().marks();
    }

    private void block() {
        BLOCKED.setVolatile(this, true);
    }

    /** After the queue has fallen, or, since that may have been missed, after it was blocked. */
    private void unblockIfLow() {
        long now = queued;
        if (marks().low(now & BYTES_MASK, now >>> COUNT_SHIFT)) {
            unblock();
        }
    }

    private void unblock() {
        if (BLOCKED.compareAndSet(this, true, false)) {
            Runnable listener = writableListener;
            if (listener != null) {
                listener.run();
            }
        }
    }

    /** The budget refused a write. True if it has not noted that yet. Any thread. */
    final boolean joinsRefused() {
        return AMONG_REFUSED.compareAndSet(this, false, true);
    }

    /** There is room again in what all queues may hold together. Any thread. */
    final void onBudget() {
        amongRefused = false;  // first: who is refused from here on must be told again
        unblockIfLow();
    }

    /** The connection is over, and nothing is queued: forgets that anybody was refused. */
    public final void resetWritable() {
        writableListener = null;
        blocked = false;
    }

    /** Any thread. Returns the bytes of the writes whose handlers have not been called. */
    public final long bytesQueued() {
        return queued & BYTES_MASK;
    }

    /** Any thread. Returns the number of writes whose handlers have not been called. */
    public final int writesQueued() {
        return (int) (queued >>> COUNT_SHIFT);
    }

    /**
     * Ends the outgoing direction once all queued writes are out; the peer then reads end of
     * stream. No write is initiated after it. Any thread, any number of times, on a connected
     * handle.
     */
    public abstract void shutdownOutput();

    /** Returns this end's address, or null if not connected. Any thread. */
    public abstract @Nullable SocketAddress localAddress();

    /** Returns the other end's address, or null if not connected. Any thread. */
    public abstract @Nullable SocketAddress remoteAddress();

    /**
     * Sets a socket option. Any thread.
     *
     * @throws IOException if the system refuses, or the socket is closed or not connected
     * @throws UnsupportedOperationException if the processor does not know the option
     */
    public abstract <T> void setOption(SocketOption<T> option, T value) throws IOException;

    /**
     * Returns a socket option. Any thread.
     *
     * @throws IOException as for {@link #setOption}
     */
    public abstract <T> T getOption(SocketOption<T> option) throws IOException;

    @Override
    protected final void retired(AsynchronousOperation operation) {
        if (operation instanceof WriteOperation write) {
            long bytes = write.bytesQueued();
            returnWrite(write);
            unreserve(bytes);
        }
    }

    @Override
    protected final synchronized void unregister() {
        unregistered = true;
        context().operations().unregister(read);
        if (connect != null) {
            context().operations().unregister(connect);
        }
        if (disconnect != null) {
            context().operations().unregister(disconnect);
        }
    }
}
