package io.proactor;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something that bytes are written to: each write whole, and in the order of their initiation. What
 * is said of operations at {@link StreamSocket} holds here.
 */
public interface AsynchronousWriteStream {

    /**
     * As {@link #write(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}, without timeout.
     */
    default <A extends @Nullable Object> long write(ByteBuffer source, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
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
    <A extends @Nullable Object> long write(ByteBuffer source, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super Integer, ? super A> handler);

    /** As {@link #write(ByteBuffer[], long, TimeUnit, Object, CompletionHandler)}, no timeout. */
    default <A extends @Nullable Object> long write(ByteBuffer[] sources, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
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
    <A extends @Nullable Object> long write(ByteBuffer[] sources, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<? super Integer, ? super A> handler);

    /**
     * As {@link #write(ByteBuffer, Object, CompletionHandler)}, of the bytes of a lease. The lease
     * stays the application's to close, but can be neither used nor closed until the handler is
     * called.
     *
     * @throws IllegalStateException if the lease is closed
     */
    <A extends @Nullable Object> long write(Lease lease, A attachment,
            CompletionHandler<? super Integer, ? super A> handler);

    /**
     * Ends the outgoing direction when all queued writes are out; the peer then reads end of
     * stream, and this side goes on reading. Writes that are initiated later fail with
     * {@link SocketClosedException}.
     *
     * @throws NotYetConnectedException if the socket was never connected
     */
    void shutdownOutput();
}
