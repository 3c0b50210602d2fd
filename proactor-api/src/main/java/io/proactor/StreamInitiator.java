package io.proactor;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.ConnectOperation;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.StreamHandle;
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

    private final StreamHandle handle;
    private final long writeBytesMax;
    private final int writesMax;

    // True exactly from the first shutdownOutput. Any thread.
    private volatile boolean outputEnded;

    StreamInitiator(StreamHandle handle, long writeBytesMax, int writesMax) {
        this.handle = handle;
        this.writeBytesMax = writeBytesMax;
        this.writesMax = writesMax;
    }

    <A extends @Nullable Object> long connect(SocketAddress remote, StreamSocket socket,
            long timeoutNanos, A attachment, CompletionHandler<StreamSocket, ? super A> handler) {
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(handler, "handler");
        ConnectOperation operation = handle.connect();
        if (operation == null || !claim(operation, "A connect is pending on this socket.")) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        if (handle.remoteAddress() != null) {
            // Asked while the operation is ours: no other connect can succeed in between.
            handle.abandon(operation);
            throw new IllegalStateException("The socket is connected.");
        }
        operation.prepare(remote, socket, timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long read(ByteBuffer target, int minimum, long timeoutNanos,
            A attachment, CompletionHandler<Integer, ? super A> handler) {
        if (minimum < 0 || minimum > target.remaining()) {
            throw new IllegalArgumentException("minimum is " + minimum + ", but the buffer has room"
                    + " for " + target.remaining() + " bytes.");
        }
        return read(target, minimum, NO_DELIMITER, timeoutNanos, attachment, handler);
    }

    <A extends @Nullable Object> long readUntil(ByteBuffer target, byte[] delimiter,
            long timeoutNanos, A attachment, CompletionHandler<Integer, ? super A> handler) {
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
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        requireConnected();
        ReadOperation operation = handle.read();
        if (!claim(operation, "A read is already pending on this socket.")) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        if (delimiter.length == 0) {
            operation.prepare(target, minimum, timeoutNanos, attachment, handler);
        } else {
            operation.prepare(target, delimiter, timeoutNanos, attachment, handler);
        }
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long write(ByteBuffer source, long timeoutNanos, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        WriteOperation operation = claimWrite(source.remaining());
        if (operation == null) {
            return handle.fail(new SocketClosedException(0), attachment, handler);
        }
        operation.prepare(source, timeoutNanos, attachment, handler);
        return handle.initiate(operation);
    }

    <A extends @Nullable Object> long write(ByteBuffer[] sources, long timeoutNanos, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
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
        requireConnected();
        if (outputEnded) {
            return null;
        }
        if (!handle.reserve(bytes, writeBytesMax, writesMax)) {
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
        return operation;
    }

    private void requireConnected() {
        if (handle.remoteAddress() == null && handle.isOpen()) {
            throw new NotYetConnectedException();
        }
    }

    /** Returns false if the socket is terminated; throws if the operation is in use. */
    private boolean claim(AsynchronousOperation operation, String misuse) {
        if (handle.claim(operation)) {
            return true;
        }
        if (handle.terminated()) {
            return false;
        }
        throw new IllegalStateException(misuse);
    }
}
