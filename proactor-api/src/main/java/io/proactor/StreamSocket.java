package io.proactor;

import io.proactor.operation.AbortReason;
import io.proactor.operation.OperationTable;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetConnectedException;
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
public final class StreamSocket implements AutoCloseable {

    private final StreamHandle handle;
    private final StreamInitiator initiator;
    private final OperationTable operations;

    StreamSocket(StreamHandle handle, OperationTable operations, long writeBytesMax,
            int writesMax) {
        this.handle = handle;
        this.operations = operations;
        initiator = new StreamInitiator(handle, writeBytesMax, writesMax);
        handle.session(this);
    }

    // ---- Connecting ---------------------------------------------------------------------------

    /**
     * As {@link #connect(SocketAddress, long, TimeUnit, Object, CompletionHandler)}, no timeout.
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, A attachment,
            CompletionHandler<StreamSocket, ? super A> handler) {
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
     * @throws IllegalStateException if a connect is pending, or the socket is connected
     */
    public <A extends @Nullable Object> long connect(SocketAddress remote, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<StreamSocket, ? super A> handler) {
        return initiator.connect(remote, this, unit.toNanos(timeout), attachment, handler);
    }

    // ---- Reading ------------------------------------------------------------------------------

    /** As {@link #read(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    public <A extends @Nullable Object> long read(ByteBuffer target, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        return read(target, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read of at least one byte into {@code target}.
     *
     * <p>Result: the number of bytes read, or -1 at end of stream; 0 only if {@code target} has no
     * room.
     *
     * @throws IllegalStateException if a read is already pending on this socket
     * @throws ReadOnlyBufferException if {@code target} cannot be written to
     */
    public <A extends @Nullable Object> long read(ByteBuffer target, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<Integer, ? super A> handler) {
        return initiator.read(target, Math.min(1, target.remaining()), unit.toNanos(timeout),
                attachment, handler);
    }

    /** As {@link #readAtLeast(ByteBuffer, int, long, TimeUnit, Object, CompletionHandler)}. */
    public <A extends @Nullable Object> long readAtLeast(ByteBuffer target, int minimum,
            A attachment, CompletionHandler<Integer, ? super A> handler) {
        return readAtLeast(target, minimum, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read of {@code minimum} bytes or more, as many as there are and fit.
     *
     * <p>Result: the number of bytes read, or -1 if the stream ended before the first.
     *
     * <p>Failure: {@link EndOfStreamException} if the stream ended within; else as
     * {@link #read(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}. The bytes that had come
     * are in {@code target}.
     *
     * @throws IllegalArgumentException if {@code minimum} is negative or does not fit
     */
    public <A extends @Nullable Object> long readAtLeast(ByteBuffer target, int minimum,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        return initiator.read(target, minimum, unit.toNanos(timeout), attachment, handler);
    }

    /** As {@link #readExactly(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}. */
    public <A extends @Nullable Object> long readExactly(ByteBuffer target, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        return readExactly(target, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read of all the bytes that {@code target} has room for; otherwise as
     * {@link #readAtLeast(ByteBuffer, int, long, TimeUnit, Object, CompletionHandler)}.
     */
    public <A extends @Nullable Object> long readExactly(ByteBuffer target, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<Integer, ? super A> handler) {
        return initiator.read(target, target.remaining(), unit.toNanos(timeout), attachment,
                handler);
    }

    /** As {@link #readUntil(ByteBuffer, byte[], long, TimeUnit, Object, CompletionHandler)}. */
    public <A extends @Nullable Object> long readUntil(ByteBuffer target, byte[] delimiter,
            A attachment, CompletionHandler<Integer, ? super A> handler) {
        return readUntil(target, delimiter, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read up to and including {@code delimiter}. Bytes behind it stay in the stream
     * for the next read.
     *
     * <p>Result: the number of bytes read, the delimiter's included, or -1 if the stream ended
     * before the first.
     *
     * <p>Failure: {@link DelimiterNotFoundException} if {@code target} is full before the delimiter
     * is met, {@link EndOfStreamException} if the stream ended within; else as
     * {@link #read(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}. The bytes that had come
     * are in {@code target}.
     *
     * @param delimiter one or more bytes, not copied: must not change while the read is pending
     * @throws IllegalArgumentException if {@code delimiter} is empty or {@code target} has no room
     */
    public <A extends @Nullable Object> long readUntil(ByteBuffer target, byte[] delimiter,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        return initiator.readUntil(target, delimiter, unit.toNanos(timeout), attachment, handler);
    }

    // ---- Writing ------------------------------------------------------------------------------

    /**
     * As {@link #write(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}, without timeout.
     */
    public <A extends @Nullable Object> long write(ByteBuffer source, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        return write(source, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a write of all the bytes that remain in {@code source}, behind the writes that are
     * pending.
     *
     * <p>Result: the number of bytes written, which is all of them.
     *
     * <p>Failure: what has a type carries {@code bytesMoved()}, the exact number of bytes that are,
     * or will be, on the stream: the source's position has moved by as many.
     *
     * @throws WriteQueueFullException if the queue is at a bound of {@link ProactorOptions}
     */
    public <A extends @Nullable Object> long write(ByteBuffer source, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<Integer, ? super A> handler) {
        return initiator.write(source, unit.toNanos(timeout), attachment, handler);
    }

    /** As {@link #write(ByteBuffer[], long, TimeUnit, Object, CompletionHandler)}, no timeout. */
    public <A extends @Nullable Object> long write(ByteBuffer[] sources, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        return write(sources, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a gathering write: all the bytes of all the sources, in order, as one write. The
     * array belongs to the processor as the buffers do.
     *
     * @throws IllegalArgumentException if the sources hold more than {@link Integer#MAX_VALUE}
     *     bytes
     * @throws WriteQueueFullException if the queue is at a bound of {@link ProactorOptions}
     */
    public <A extends @Nullable Object> long write(ByteBuffer[] sources, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<Integer, ? super A> handler) {
        return initiator.write(sources, unit.toNanos(timeout), attachment, handler);
    }

    /** Returns the bytes of all writes whose handlers have not been called yet. */
    public long bytesQueued() {
        return handle.bytesQueued();
    }

    /** Returns the number of writes whose handlers have not been called yet. */
    public int writesQueued() {
        return handle.writesQueued();
    }

    /**
     * Ends the outgoing direction when all queued writes are out; the peer then reads end of
     * stream, and this side goes on reading. Writes that are initiated later fail with
     * {@link SocketClosedException}.
     *
     * @throws NotYetConnectedException if the socket was never connected
     */
    public void shutdownOutput() {
        initiator.shutdownOutput();
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
     * Cancels every operation that is pending on this socket. Looks through all operations of the
     * proactor, so it is not for every day.
     *
     * @return how many were pending
     */
    public int cancelAll() {
        int[] count = {0};
        operations.forEach(operation -> {
            long id = operation.id();  // read before the owner: an abort of an earlier life misses
            if (operation.owner() == handle && operation.abort(id, AbortReason.CANCELLED)) {
                count[0]++;
            }
        });
        return count[0];
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

    @Override
    public String toString() {
        return "StreamSocket[" + localAddress() + " - " + remoteAddress()
                + (isOpen() ? "]" : ", closed]");
    }
}
