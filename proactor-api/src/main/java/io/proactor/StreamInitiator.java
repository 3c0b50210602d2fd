package io.proactor;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.ConnectOperation;
import io.proactor.operation.FileSource;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.StreamHandle;
import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Initiates the operations of a {@link StreamSocket}: tells misuse from failure, claims an
 * operation, fills it in and hands it to the processor. Any thread.
 */
final class StreamInitiator {

    private static final byte[] NO_DELIMITER = {};
    private static final String READ_PENDING = "A read is already pending on this socket.";
    private static final String DISCONNECTING_NOW = "This socket is being disconnected.";

    private static final VarHandle DISCONNECTING;

    static {
        try {
            DISCONNECTING = MethodHandles.lookup()
                    .findVarHandle(StreamInitiator.class, "disconnecting", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final StreamHandle handle;
    private final Leases leases;
    private final boolean closesOnOverflow;

    // True exactly from the first shutdownOutput of a connection. Any thread.
    private volatile boolean outputEnded;

    // True exactly while a disconnect is under way. Any thread: CAS.
    private volatile boolean disconnecting;

    // Counts the disconnects. Written by the one who disconnects, read by any thread.
    private volatile int disconnects;

    StreamInitiator(StreamHandle handle, Leases leases, WriteQueueOptions writeQueue) {
        this.handle = handle;
        this.leases = leases;
        closesOnOverflow = writeQueue.overflow() == WriteQueueOptions.Overflow.CLOSE;
    }

    <A extends @Nullable Object> long connect(SocketAddress remote, StreamSocket socket,
            long timeoutNanos, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        return connect(remote, socket, null, timeoutNanos, attachment, handler);
    }

    /** @param first what the processor may send with it, or null */
    <A extends @Nullable Object> long connect(SocketAddress remote, StreamSocket socket,
            @Nullable ByteBuffer first, long timeoutNanos, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(handler, "handler");
        ConnectOperation operation = handle.connect();
        if (operation == null || !claim(operation, "A connect is pending on this socket.")) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        // Asked while the operation is ours: no other connect can succeed in between.
        boolean connected = handle.remoteAddress() != null;
        if (connected || disconnecting) {
            handle.abandon(operation);
            throw new IllegalStateException(
                    disconnecting ? DISCONNECTING_NOW : "The socket is connected.");
        }
        operation.prepare(remote, socket, first, timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long read(ByteBuffer target, int minimum, long timeoutNanos,
            A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        if (minimum < 0 || minimum > target.remaining()) {
            throw new IllegalArgumentException("minimum is " + minimum + ", but the buffer has room"
                    + " for " + target.remaining() + " bytes.");
        }
        return read(target, minimum, NO_DELIMITER, timeoutNanos, attachment, handler);
    }

    <A extends @Nullable Object> long readUntil(ByteBuffer target, byte[] delimiter,
            long timeoutNanos, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("The delimiter is empty.");
        }
        if (!target.hasRemaining()) {
            throw new IllegalArgumentException("The buffer has no room.");
        }
        return read(target, 0, delimiter, timeoutNanos, attachment, handler);
    }

    private <A extends @Nullable Object> long read(ByteBuffer target, int minimum,
            byte[] delimiter, long timeoutNanos, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        int connection = requireConnected();
        ReadOperation operation = handle.read();
        if (!claim(operation, READ_PENDING)) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        requireSame(connection, operation);
        if (delimiter.length == 0) {
            operation.prepare(target, minimum, timeoutNanos, attachment, handler);
        } else {
            operation.prepare(target, delimiter, timeoutNanos, attachment, handler);
        }
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long waitReadable(long timeoutNanos, A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        int connection = requireConnected();
        ReadOperation operation = handle.read();
        if (!claim(operation, READ_PENDING)) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        requireSame(connection, operation);
        operation.prepareWait(timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long receive(int bytesMax, long timeoutNanos, A attachment,
            CompletionHandler<? super @Nullable Lease, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        if (bytesMax <= 0) {
            throw new IllegalArgumentException("bytesMax must be positive, not " + bytesMax + ".");
        }
        int connection = requireConnected();
        ReadOperation operation = handle.read();
        if (!claim(operation, READ_PENDING)) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        requireSame(connection, operation);
        operation.prepareReceive(bytesMax, leases, timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long write(Lease lease, long timeoutNanos, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        ByteBuffer source = lease.buffer();
        lease.pin();
        WriteOperation operation = null;
        try {
            operation = claimWrite(source.remaining());
        } finally {
            if (operation == null) {
                lease.pinned().unpin();
            }
        }
        if (operation == null) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        operation.prepare(source, timeoutNanos, attachment, handler);
        operation.pinned(lease.pinned());
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long sendFile(FileRegion region, long timeoutNanos, A attachment,
            CompletionHandler<? super Long, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        requireConnected();
        region.file().requireSendableBy(handle.context());
        FileSource file;
        try {
            file = region.file().hold();
        } catch (IOException e) {
            return handle.fail(e, attachment, handler);
        }
        WriteOperation operation = null;
        long count;
        try {
            count = bytesToSend(region, file);
            operation = claimWrite(
                    (long) region.header().remaining() + region.trailer().remaining());
        } catch (IOException e) {
            return handle.fail(e, attachment, handler);
        } finally {
            if (operation == null) {
                file.letGo();
            }
        }
        if (operation == null) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        operation.prepare(region.header(), file, region.position(), count, region.trailer(),
                timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    private static long bytesToSend(FileRegion region, FileSource file) throws IOException {
        long bytes = file.bytes();
        long rest = bytes - region.position();
        if (rest < 0 || region.count() > rest) {
            throw new EOFException("The region ends behind the end of the file, which has "
                    + bytes + " bytes.");
        }
        return region.count() == 0 ? rest : region.count();
    }

    <A extends @Nullable Object> long write(ByteBuffer source, long timeoutNanos, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        WriteOperation operation = claimWrite(source.remaining());
        if (operation == null) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        operation.prepare(source, timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long write(ByteBuffer[] sources, long timeoutNanos, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        long bytes = WriteOperation.remaining(sources);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("One write of " + bytes + " bytes is too much.");
        }
        WriteOperation operation = claimWrite(bytes);
        if (operation == null) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        operation.prepare(sources, timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    void shutdownOutput() {
        requireConnected();
        outputEnded = true;
        handle.shutdownOutput();
    }

    /** Returns a claimed operation with its place in the queue, or null if the output is closed. */
    private @Nullable WriteOperation claimWrite(long bytes) {
        int connection = requireConnected();
        if (outputEnded || !handle.isOpen()) {
            return null;
        }
        if (!handle.reserve(bytes)) {
            if (!handle.full()) {
                throw new WriteQueueFullException();  // others have it all: no fault of this one
            }
            if (closesOnOverflow) {
                handle.close();
            }
            throw new WriteQueueFullException(handle.bytesQueued(), handle.writesQueued());
        }
        WriteOperation operation = null;
        try {
            operation = handle.takeWrite();
        } finally {
            if (operation == null) {
                handle.unreserve(bytes);
            }
        }
        if (operation != null) {
            operation.booked(bytes);  // first: if it is abandoned, that many are unreserved
            requireSame(connection, operation);
        }
        return operation;
    }

    /** Returns the number of the connection, for {@link #requireSame}. */
    private int requireConnected() {
        int connection = disconnects;  // first: a disconnect that begins later is noticed
        if (disconnecting) {
            throw new IllegalStateException(DISCONNECTING_NOW);
        }
        if (handle.remoteAddress() == null && handle.isOpen()) {
            throw new NotYetConnectedException();
        }
        return connection;
    }

    /**
     * Asked while the operation is claimed, so that the socket cannot rest and serve another
     * connection: one that was meant for the connection before must not reach the next.
     */
    private void requireSame(int connection, AsynchronousOperation claimed) {
        if (disconnects != connection) {
            handle.abandon(claimed);
            throw new IllegalStateException(DISCONNECTING_NOW);
        }
    }

    // ---- Disconnecting ------------------------------------------------------------------------

    /** Any thread. From here until {@link #disconnected} nothing is initiated but by the caller. */
    void disconnecting() {
        requireConnected();
        if (!DISCONNECTING.compareAndSet(this, false, true)) {
            throw new IllegalStateException(DISCONNECTING_NOW);
        }
        disconnects++;
    }

    /**
     * Claims the read, for the one who disconnects; null if the socket is terminated.
     *
     * @throws IllegalStateException if a read is pending
     */
    @Nullable ReadOperation claimRead() {
        ReadOperation operation = handle.read();
        return claim(operation, READ_PENDING) ? operation : null;
    }

    /** A read of bytes that nobody wants, with what {@link #claimRead} returned. */
    void drop(@Nullable ReadOperation claimed, ByteBuffer target, long timeoutNanos,
            CompletionHandler<Integer, @Nullable Void> handler) {
        if (claimed == null) {
            handle.fail(new SocketClosedException(0), null, handler);
            return;
        }
        claimed.prepare(target, 1, timeoutNanos, null, handler);
        handle.initiate(claimed);
    }

    /**
     * A write of nothing, by the one who disconnects, which a full queue does not refuse. There is
     * none if the socket is terminated.
     */
    void mark(long timeoutNanos, CompletionHandler<Integer, @Nullable Void> handler) {
        handle.book(0);
        WriteOperation operation = null;
        try {
            operation = handle.takeWrite();
        } finally {
            if (operation == null) {
                handle.unreserve(0);
            }
        }
        if (operation != null) {
            operation.prepare(ByteBuffer.allocate(0), timeoutNanos, null, handler);
            handle.initiate(operation);
        }
    }

    /** The connection is gone. From here on the socket can be connected again. */
    void released() {
        outputEnded = false;
        disconnecting = false;
    }

    /** The socket is closed, or the disconnect did not begin. */
    void disconnected() {
        disconnecting = false;
    }

    /** Returns false if the socket is closed; throws if the operation is in use. */
    private boolean claim(AsynchronousOperation operation, String misuse) {
        if (!handle.isOpen()) {
            return false;  // else it could be performed before the processor sees the close
        }
        if (handle.claim(operation)) {
            return true;
        }
        if (handle.terminated()) {
            return false;
        }
        throw new IllegalStateException(misuse);
    }
}
