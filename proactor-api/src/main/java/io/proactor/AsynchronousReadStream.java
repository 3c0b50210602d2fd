package io.proactor;

import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something that bytes are read from, one read at a time. What is said of operations at {@link
 * StreamSocket} holds here.
 */
public interface AsynchronousReadStream {

    /** As {@link #read(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    default <A extends @Nullable Object> long read(ByteBuffer target, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
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
    default <A extends @Nullable Object> long read(ByteBuffer target, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        return readAtLeast(target, Math.min(1, target.remaining()), timeout, unit, attachment,
                handler);
    }

    /** As {@link #readAtLeast(ByteBuffer, int, long, TimeUnit, Object, CompletionHandler)}. */
    default <A extends @Nullable Object> long readAtLeast(ByteBuffer target, int minimum,
            A attachment, CompletionHandler<? super Integer, ? super A> handler) {
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
    <A extends @Nullable Object> long readAtLeast(ByteBuffer target, int minimum,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Integer, ? super A> handler);

    /** As {@link #readExactly(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}. */
    default <A extends @Nullable Object> long readExactly(ByteBuffer target, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        return readExactly(target, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read of all the bytes that {@code target} has room for; otherwise as
     * {@link #readAtLeast(ByteBuffer, int, long, TimeUnit, Object, CompletionHandler)}.
     */
    default <A extends @Nullable Object> long readExactly(ByteBuffer target, long timeout,
            TimeUnit unit, A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        return readAtLeast(target, target.remaining(), timeout, unit, attachment, handler);
    }

    /** As {@link #readUntil(ByteBuffer, byte[], long, TimeUnit, Object, CompletionHandler)}. */
    default <A extends @Nullable Object> long readUntil(ByteBuffer target, byte[] delimiter,
            A attachment, CompletionHandler<? super Integer, ? super A> handler) {
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
    <A extends @Nullable Object> long readUntil(ByteBuffer target, byte[] delimiter,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super Integer, ? super A> handler);

    /** As {@link #receive(int, long, TimeUnit, Object, CompletionHandler)}, any bytes, any time. */
    default <A extends @Nullable Object> long receive(A attachment,
            CompletionHandler<? super @Nullable Lease, ? super A> handler) {
        return receive(Integer.MAX_VALUE, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read of at least one byte into a buffer that the processor picks at the moment
     * when there are bytes, so that a connection holds none while it is idle. While the pool has no
     * buffer, or this socket has as many leases open as {@link ReceiveLimits} allow, it waits.
     *
     * <p>Result: the bytes, at most {@code bytesMax}, in a lease that the application must close;
     * null at end of stream.
     *
     * @throws IllegalStateException if a read is already pending on this socket
     */
    <A extends @Nullable Object> long receive(int bytesMax, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super @Nullable Lease, ? super A> handler);

    /** As {@link #waitReadable(long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    default <A extends @Nullable Object> long waitReadable(A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler) {
        return waitReadable(0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a wait until a read would complete without waiting: because bytes are there, or the
     * end of the stream. It takes none, and holds no buffer.
     *
     * @throws IllegalStateException if a read is already pending on this socket
     */
    <A extends @Nullable Object> long waitReadable(long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler);
}
