package io.proactor;

import io.proactor.operation.AbortReason;
import io.proactor.operation.OperationTable;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream connection on which reads and writes are initiated.
 *
 * <p>One read may be pending, and any number of writes: they are put on the stream whole and in the
 * order of their initiation. Every initiating method returns an id for {@link #cancel}. A timeout
 * of 0 or less means never. Neither a cancel nor a timeout ruins the connection or loses a byte.
 *
 * <p>Threads: every method may be called by any thread. Handlers run on a dispatcher thread, never
 * inside the initiating call, one at a time for each socket.
 *
 * <p>Ownership: a buffer belongs to the processor from the initiating call until the handler is
 * called; nobody else may touch it, its position or its limit.
 *
 * <p>Failure: I/O errors reach {@link CompletionHandler#failed}, typed: see
 * {@link OperationCancelledException}, {@link OperationTimedOutException},
 * {@link SocketClosedException}, {@link ResetByPeerException}, {@link ProactorShutdownException}
 * and {@link TransferFailedException}. Initiating methods throw only for misuse, a full write
 * queue, or {@link java.util.concurrent.RejectedExecutionException} once the proactor is shut down;
 * then the handler is not called. Reads and writes before the socket was ever connected are misuse:
 * {@link NotYetConnectedException}.
 */
public final class StreamSocket
        implements AsynchronousReadStream, AsynchronousWriteStream, AutoCloseable {

    private final StreamHandle handle;
    private final StreamInitiator initiator;
    private final OperationTable operations;

    // The slot of the connection, if an acceptor took it. Written before the application has it.
    private volatile @Nullable Place place;

    StreamSocket(StreamHandle handle, OperationTable operations, StreamInitiator initiator) {
        this.handle = handle;
        this.operations = operations;
        this.initiator = initiator;
        handle.session(this);
    }

    // ---- Connecting ---------------------------------------------------------------------------

    /**
     * As {@link #connect(SocketAddress, long, TimeUnit, Object, CompletionHandler)}, no timeout.
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        return connect(remote, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a connect. After a failure the same socket may be connected again.
     *
     * <p>Result: this socket.
     *
     * <p>Failure: {@link java.net.ConnectException} if nobody listens there, and others, at
     * {@code failed}.
     *
     * @throws IllegalStateException if a connect is pending, the socket is connected, or it belongs
     *     to a pool
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, long timeout,
            TimeUnit unit, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        return connect(remote, null, unit.toNanos(timeout), attachment, handler);
    }

    /** @param first what the processor may send with it, or null */
    <A extends @Nullable Object> long connect(SocketAddress remote, @Nullable ByteBuffer first,
            long timeoutNanos, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        if (place != null) {
            throw new IllegalStateException("This socket gets its connections from a pool.");
        }
        return initiator.connect(remote, this, first, timeoutNanos, attachment, handler);
    }

    /**
     * Initiates a connect and a write of all the bytes of {@code first} behind it, as one: it
     * completes when they are out.
     *
     * <p>Result: the number of bytes written.
     *
     * <p>Failure: if the connect fails, the socket may be connected again, and {@code first} is
     * untouched. If the write fails, or the timeout elapses during it, the socket is closed.
     *
     * @throws IllegalStateException as for a connect
     */
    public <A extends @Nullable Object> ComposedOperation connect(SocketAddress remote,
            ByteBuffer first, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        return ConnectAndSend.initiate(this, remote, first, timeout, unit, attachment, handler);
    }

    // ---- Reading ------------------------------------------------------------------------------

    @Override
    public <A extends @Nullable Object> long readAtLeast(ByteBuffer target, int minimum,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        return initiator.read(target, minimum, unit.toNanos(timeout), attachment, handler);
    }

    @Override
    public <A extends @Nullable Object> long readUntil(ByteBuffer target, byte[] delimiter,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        return initiator.readUntil(target, delimiter, unit.toNanos(timeout), attachment, handler);
    }

    @Override
    public <A extends @Nullable Object> long receive(int bytesMax, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super @Nullable Lease, ? super A> handler) {
        return initiator.receive(bytesMax, unit.toNanos(timeout), attachment, handler);
    }

    @Override
    public <A extends @Nullable Object> long waitReadable(long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler) {
        return initiator.waitReadable(unit.toNanos(timeout), attachment, handler);
    }

    // ---- Writing ------------------------------------------------------------------------------

    @Override
    public <A extends @Nullable Object> long write(ByteBuffer source, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        return initiator.write(source, unit.toNanos(timeout), attachment, handler);
    }

    @Override
    public <A extends @Nullable Object> long write(ByteBuffer[] sources, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        return initiator.write(sources, unit.toNanos(timeout), attachment, handler);
    }

    @Override
    public <A extends @Nullable Object> long write(Lease lease, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        return initiator.write(lease, 0, attachment, handler);
    }

    @Override
    public void shutdownOutput() {
        initiator.shutdownOutput();
    }

    /**
     * Initiates a write of a part of a file, with other bytes before and behind it, in the order of
     * the writes. Where the system can, the bytes of the file do not pass through this process.
     *
     * <p>Result: the number of bytes written, header and trailer included.
     *
     * <p>Failure: as for a write; {@link java.io.EOFException} if the region ends behind the end of
     * the file, in which case nothing is sent. Only header and trailer count as queued.
     *
     * @throws IllegalArgumentException if there is {@link SendFileFlag#REUSE} alone, or another
     *     proactor has opened the file
     */
    public <A extends @Nullable Object> long sendFile(FileRegion region, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<? super Long, ? super A> handler,
            SendFileFlag... flags) {
        return Disconnection.behind(this, flags, unit.toNanos(timeout), handler,
                then -> initiator.sendFile(region, unit.toNanos(timeout), attachment, then));
    }

    /**
     * Sets who is told, each time, that the write queue has fallen to its low mark after a write
     * was refused or the queue had reached its high mark: {@code completed} is called with this
     * socket. It is called once for each time, in order with the other handlers.
     */
    public <A extends @Nullable Object> void onWritable(A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        handle.onWritable(() -> handle.tell(this, attachment, handler));
    }

    /** Returns false from when the write queue reached its high mark until it is at its low one. */
    public boolean isWritable() {
        return handle.writable();
    }

    /** Returns the bytes of all writes whose handlers have not been called yet. */
    public long bytesQueued() {
        return handle.bytesQueued();
    }

    /** Returns the number of writes whose handlers have not been called yet. */
    public int writesQueued() {
        return handle.writesQueued();
    }

    // ---- Ending -------------------------------------------------------------------------------

    /**
     * Cancels one operation of this socket.
     *
     * @return true if the operation was pending: it ends with {@link OperationCancelledException},
     *     or with its result if it had in fact succeeded. False if it is complete, unknown, or of
     *     another socket; nothing changes then
     */
    public boolean cancel(long operationId) {
        return operations.abort(operationId, handle, AbortReason.CANCELLED);
    }

    /**
     * Cancels every operation that is pending on this socket, the latest first, so that no write
     * goes out behind one that was cut short. Looks through all operations of the proactor, so it
     * is not for every day.
     *
     * @return how many were pending
     */
    public int cancelAll() {
        return PendingOperation.cancelAll(operations, handle);
    }

    /**
     * Ends the connection in good order and leaves the socket to be connected again: queued writes
     * go out, the peer reads end of stream, and what it still sends is dropped, until it ends its
     * side or {@code limit} has passed. Meanwhile nothing else can be initiated. A socket that came
     * from an acceptor goes back to its {@link SocketPool} when the handler has returned.
     *
     * <p>Result: this socket, as if it had never been connected: options and bytes that were left
     * over are gone. One of a pool forgets its strand, too.
     *
     * <p>Failure: {@link OperationTimedOutException} if the peer did not end its side, {@link
     * OperationCancelledException} after {@link #cancelAll}: the peer is cut off, and the socket is
     * as after a success. {@link SocketClosedException} and {@link ProactorShutdownException}: then
     * the socket is closed.
     *
     * @param limit 0 or less for none
     * @throws IllegalStateException if a read is pending, the socket is not connected, or was
     *     disconnected before: it is in the pool already, and {@link SocketPool#returnsRefused}
     *     counts it
     */
    public <A extends @Nullable Object> void disconnect(long limit, TimeUnit unit, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        new Disconnection<>(this, unit.toNanos(limit), attachment, handler).begin();
    }

    /**
     * Closes the socket: whatever is pending ends with {@link SocketClosedException}, and queued
     * writes are not put out. Any number of times.
     */
    @Override
    public void close() {
        handle.close();
    }

    /** Returns false from the first {@link #close}. */
    public boolean isOpen() {
        return handle.isOpen();
    }

    // ---- Settings -----------------------------------------------------------------------------

    /**
     * Binds the handlers of this socket to a strand, in place of the socket's own order. To be
     * called before the first operation is initiated.
     */
    public void bind(Strand strand) {
        handle.bind(strand.sequence());
    }

    /** Returns this end's address, or null if the socket is not connected. */
    public @Nullable SocketAddress localAddress() {
        return handle.localAddress();
    }

    /** Returns the other end's address, or null if the socket is not connected. */
    public @Nullable SocketAddress remoteAddress() {
        return handle.remoteAddress();
    }

    /**
     * Sets a socket option. TCP_NODELAY is on unless it is set otherwise.
     *
     * @throws IOException if the system refuses, or the socket is closed or not connected
     * @throws UnsupportedOperationException if the processor does not know the option
     */
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        handle.setOption(option, value);
    }

    /**
     * Returns the value of a socket option.
     *
     * @throws IOException if the socket is closed or not connected
     * @throws UnsupportedOperationException if the processor does not know the option
     */
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return handle.getOption(option);
    }

    StreamHandle handle() {
        return handle;
    }

    StreamInitiator initiator() {
        return initiator;
    }

    void place(Place place) {
        this.place = place;
    }

    /** Inside the handler of a disconnect: the socket goes back to its pool, if it is of one. */
    void rest() {
        Place slot = place;
        if (slot != null) {
            handle.onRest(() -> slot.rest(handle));
        }
    }

    void countRefusedReturn() {
        Place slot = place;
        if (slot != null) {
            slot.refuseReturn();
        }
    }

    @Override
    public String toString() {
        return "StreamSocket[" + localAddress() + " - " + remoteAddress()
                + (isOpen() ? "]" : ", closed]");
    }
}
