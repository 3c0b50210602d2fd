package io.proactor;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames on a socket: each is a length of 1, 2 or 4 bytes, unsigned and the high byte first, and
 * then as many bytes of payload. To be made once for a socket, since it remembers what of a frame
 * has come: a read that was cancelled or timed out loses nothing, and the next one goes on there.
 *
 * <p>One read may be pending, and any number of writes. While a read is pending, the socket itself
 * must not be read.
 *
 * <p>Threads: every method may be called by any thread. Handlers are called as the socket's.
 */
public final class Frames {

    private final StreamSocket socket;
    private final int bytesMax;

    // What has come of the frame that is being read: its prefix, and of its payload what a read
    // that failed had got. Owner: the read that is pending, handed on by reading.
    private final ByteBuffer prefix;
    private ByteBuffer kept = ByteBuffer.allocate(0);

    private boolean reading;  // guarded by this; true exactly while a read is pending

    /**
     * @param prefixBytes 1, 2 or 4
     * @param bytesMax the largest payload that is read or written; a peer can make a read without
     *     target allocate as much
     * @throws IllegalArgumentException if the prefix cannot be that long, or {@code bytesMax} is
     *     negative or more than the prefix can say
     */
    public Frames(StreamSocket socket, int prefixBytes, int bytesMax) {
        if (prefixBytes != 1 && prefixBytes != 2 && prefixBytes != 4) {
            throw new IllegalArgumentException(
                    "A prefix has 1, 2 or 4 bytes, not " + prefixBytes + ".");
        }
        if (bytesMax < 0 || bytesMax > (1L << 8 * prefixBytes) - 1) {
            throw new IllegalArgumentException("A prefix of " + prefixBytes
                    + " bytes cannot announce " + bytesMax + " bytes.");
        }
        this.socket = Objects.requireNonNull(socket, "socket");
        this.bytesMax = bytesMax;
        prefix = ByteBuffer.allocate(prefixBytes);
    }

    /** As {@link #read(long, TimeUnit, Object, CompletionHandler)}, without timeout. */
    public <A extends @Nullable Object> ComposedOperation read(A attachment,
            CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        return read(0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates a read of one frame into a buffer that is made for it. The timeout is for the whole
     * frame.
     *
     * <p>Result: the payload, as the remaining bytes of the buffer; null if the stream ended before
     * the first byte of a frame.
     *
     * <p>Failure: {@link FrameTooLargeException}, {@link EndOfStreamException} if the stream ended
     * within the frame, and those of {@link StreamSocket}; {@code bytesMoved()} counts the bytes of
     * this read, the prefix's included. {@link OutOfMemoryError} if the heap has no room for a
     * payload that the bound allows.
     *
     * @throws IllegalStateException if a read is pending
     */
    public <A extends @Nullable Object> ComposedOperation read(long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        return start(null, timeout, unit, attachment, handler);
    }

    /** As {@link #read(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}, no timeout. */
    public <A extends @Nullable Object> ComposedOperation read(ByteBuffer target, A attachment,
            CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        return read(target, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * As {@link #read(long, TimeUnit, Object, CompletionHandler)}, into a given buffer, from its
     * position on.
     *
     * <p>Result: the target, with the payload as its remaining bytes; after a failure its position
     * and limit are what they were. A frame that it has no room for is
     * {@link FrameTooLargeException} too; it may be read with a larger one.
     */
    public <A extends @Nullable Object> ComposedOperation read(ByteBuffer target, long timeout,
            TimeUnit unit, A attachment,
            CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        return start(target, timeout, unit, attachment, handler);
    }

    private <A extends @Nullable Object> ComposedOperation start(@Nullable ByteBuffer target,
            long timeout, TimeUnit unit, A attachment,
            CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        synchronized (this) {
            if (reading) {
                throw new IllegalStateException("A read of a frame is pending on this socket.");
            }
            reading = true;
        }
        boolean begun = false;
        try {
            ComposedOperation read =
                    new FrameRead<>(this, target, attachment, handler).begin(timeout, unit);
            begun = true;
            return read;
        } finally {
            if (!begun) {
                readEnded();
            }
        }
    }

    /** As {@link #write(ByteBuffer, long, TimeUnit, Object, CompletionHandler)}, no timeout. */
    public <A extends @Nullable Object> long write(ByteBuffer payload, A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        return write(payload, 0, TimeUnit.NANOSECONDS, attachment, handler);
    }

    /**
     * Initiates the write of one frame, as one gathering write; see
     * {@link StreamSocket#write(ByteBuffer[], long, TimeUnit, Object, CompletionHandler)}. Frames
     * of several threads do not mix.
     *
     * <p>Result: the number of bytes written, the prefix's included.
     *
     * @return the operation's id, for {@link StreamSocket#cancel}
     * @throws IllegalArgumentException if the payload is larger than is allowed
     * @throws WriteQueueFullException if the socket's queue is at a bound
     */
    public <A extends @Nullable Object> long write(ByteBuffer payload, long timeout, TimeUnit unit,
            A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        int length = payload.remaining();
        if (length > bytesMax) {
            throw new IllegalArgumentException("A frame of " + length + " bytes is more than the "
                    + bytesMax + " that are allowed.");
        }
        ByteBuffer head = ByteBuffer.allocate(prefix.capacity());
        switch (head.capacity()) {
            case 1 -> head.put((byte) length);
            case 2 -> head.putShort((short) length);
            default -> head.putInt(length);
        }
        return socket.write(new ByteBuffer[] {head.flip(), payload}, timeout, unit, attachment,
                handler);
    }

    /** Returns the socket that the frames are on. */
    public StreamSocket socket() {
        return socket;
    }

    // ---- For the read that is pending ---------------------------------------------------------

    int bytesMax() {
        return bytesMax;
    }

    ByteBuffer prefix() {
        return prefix;
    }

    /** Returns the length that the prefix says, which must have come. */
    long length() {
        assert !prefix.hasRemaining();
        return switch (prefix.capacity()) {
            case 1 -> Byte.toUnsignedLong(prefix.get(0));
            case 2 -> Short.toUnsignedLong(prefix.getShort(0));
            default -> Integer.toUnsignedLong(prefix.getInt(0));
        };
    }

    /** Puts what earlier reads had got of the payload into {@code body}, which has the room. */
    void restore(ByteBuffer body) {
        body.put(kept.duplicate());
    }

    /** Keeps what has come of the payload. */
    void keep(ByteBuffer came) {
        kept = ByteBuffer.allocate(came.remaining()).put(came).flip();
    }

    /** The frame has come as a whole. */
    void forget() {
        prefix.clear();
        kept = kept.hasRemaining() ? ByteBuffer.allocate(0) : kept;
    }

    /** The read is over; from here on another one may begin. */
    synchronized void readEnded() {
        assert reading;
        reading = false;
    }
}
