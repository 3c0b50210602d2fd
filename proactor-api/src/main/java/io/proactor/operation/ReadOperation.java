package io.proactor.operation;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * The one read of a socket. It may be a read into the initiator's buffer, of some bytes, of at
 * least a minimum or up to a delimiter; a receive, for which the processor picks the buffer at the
 * moment when there is something to put into it; or a wait for that moment. It knows when it is
 * satisfied; how bytes get into its buffer is the processor's affair.
 */
public final class ReadOperation extends AsynchronousOperation {

    private static final byte[] NO_DELIMITER = {};

    /** Makes the application's object for a leased buffer. */
    @FunctionalInterface
    public interface Leaser {

        /**
         * Called once for each receive that brought bytes: those from position to limit.
         *
         * @param trace where the receive was initiated; null if that is not traced
         */
        Object lease(ReceiveBuffer buffer, long generation, @Nullable OperationTrace trace);
    }

    private Kind kind = Kind.READ;
    private @Nullable ByteBuffer target;  // null for a wait, and a receive that has none yet
    private int start;           // the target's position at the initiation
    private int minimum;         // bytes that satisfy the read
    private byte[] delimiter = NO_DELIMITER;
    private int scanned;         // until a delimiter: the target holds none that ends before this
    private boolean endOfStream;

    // Of a receive.
    private int bytesMax;
    private @Nullable Leaser leaser;
    private @Nullable ReceiveBuffer buffer;  // the one that target belongs to

    /** For processors: one per socket. */
    public ReadOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return kind;
    }

    /** The initiator. A read of at least {@code minimum} bytes. */
    public <A> void prepare(ByteBuffer target, int minimum, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        assert minimum >= 0;
        assert minimum <= target.remaining();
        prepare(attachment, handler, timeoutNanos);
        kind = Kind.READ;
        this.target = target;
        this.minimum = minimum;
        start = target.position();
        delimiter = NO_DELIMITER;
        endOfStream = false;
    }

    /** The initiator. A read up to and including {@code delimiter}, which is not copied. */
    public <A> void prepare(ByteBuffer target, byte[] delimiter, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<? super Integer, ? super A> handler) {
        assert delimiter.length > 0;
        prepare(target, 0, timeoutNanos, attachment, handler);
        this.delimiter = delimiter;
        scanned = start;
    }

    /** The initiator. A receive of at least one byte and at most {@code bytesMax}. */
    public <V, A> void prepareReceive(int bytesMax, Leaser leaser, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<V, ? super A> handler) {
        assert bytesMax > 0;
        prepareWait(timeoutNanos, attachment, handler);
        kind = Kind.RECEIVE;
        this.bytesMax = bytesMax;
        this.leaser = leaser;
        minimum = 1;
    }

    /** The initiator. A wait for bytes, or for the end of the stream. */
    public <V, A> void prepareWait(long timeoutNanos, @Nullable A attachment,
            CompletionHandler<V, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
        kind = Kind.WAIT_READABLE;
        delimiter = NO_DELIMITER;
        endOfStream = false;
    }

    /** The processor. True if the read takes no bytes, and ends when there are some. */
    public boolean waits() {
        return kind == Kind.WAIT_READABLE;
    }

    /** The processor. True if there is no target yet: see {@link #equip}. */
    public boolean needsBuffer() {
        return kind == Kind.RECEIVE && buffer == null;
    }

    /**
     * Any thread, initiated. True if only bytes, or the end of the stream, satisfy the read, and
     * they go into the initiator's buffer up to where the system's end.
     */
    public boolean waitsForBytes() {
        return kind == Kind.READ && minimum > 0;
    }

    /** The processor. Returns how many bytes a receive may bring. */
    public int bytesMax() {
        assert kind == Kind.RECEIVE;
        return bytesMax;
    }

    /** The processor. Gives a receive the buffer that is filled next. */
    public void equip(ReceiveBuffer picked) {
        assert needsBuffer();
        buffer = picked;
        target = picked.bytes().clear();
        target.limit(Math.min(target.limit(), bytesMax));
        start = 0;
    }

    /** The processor. Takes the buffer back, because no byte was there after all. */
    public ReceiveBuffer unequip() {
        assert bytesMoved() == 0;
        ReceiveBuffer unused = buffer;
        assert unused != null;
        buffer = null;
        target = null;
        return unused;
    }

    /** The processor. Returns the buffer that is being filled. */
    public ByteBuffer target() {
        assert target != null;
        return target;
    }

    /** The processor. Returns the number of bytes that the target has received so far. */
    public int bytesMoved() {
        return target == null ? 0 : target.position() - start;
    }

    /** The processor. True if the read looks for a delimiter, so that bytes may be left over. */
    public boolean untilDelimiter() {
        return delimiter.length > 0;
    }

    /** The processor. True if no byte can be taken any more, whether satisfied or not. */
    public boolean full() {
        return target != null && !target.hasRemaining();
    }

    /**
     * The processor. Moves bytes of {@code source} into the target, no more than the read asks for.
     *
     * @return true if the read is satisfied
     */
    public boolean fill(ByteBuffer source) {
        if (waits()) {
            return source.hasRemaining();
        }
        ByteBuffer target = target();
        if (untilDelimiter()) {
            while (source.hasRemaining() && target.hasRemaining()) {
                target.put(source.get());
                if (endsWithDelimiter(target.position())) {
                    return true;
                }
            }
            return false;
        }
        int count = Math.min(source.remaining(), target.remaining());
        target.put(target.position(), source, source.position(), count);
        target.position(target.position() + count);
        source.position(source.position() + count);
        return bytesMoved() >= minimum;
    }

    /**
     * The processor, after it has put bytes into the target itself. If the read is satisfied by a
     * delimiter with bytes behind it, the target's position is set behind the delimiter and its
     * {@link #surplusEnd} tells where the bytes that were too many end.
     *
     * @return true if the read is satisfied
     */
    public boolean satisfied() {
        if (!untilDelimiter()) {
            return target != null && bytesMoved() >= minimum;
        }
        ByteBuffer target = target();
        int end = target.position();
        for (int i = scanned + 1; i <= end; i++) {
            if (endsWithDelimiter(i)) {
                scanned = end;
                target.position(i);
                return true;
            }
        }
        scanned = end;
        return false;
    }

    /** The processor, after {@link #satisfied} was true: where the target's bytes end. */
    public int surplusEnd() {
        return untilDelimiter() ? scanned : target().position();
    }

    /** The processor. The result is to be -1. */
    public void endOfStream() {
        assert bytesMoved() == 0;
        endOfStream = true;
    }

    private boolean endsWithDelimiter(int end) {
        ByteBuffer target = target();
        int from = end - delimiter.length;
        if (from < start) {
            return false;
        }
        for (int i = delimiter.length - 1; i >= 0; i--) {
            if (target.get(from + i) != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable Object value() {
        return switch (kind) {
            case READ -> BoxedCounts.of(endOfStream ? -1 : bytesMoved());
            case RECEIVE -> endOfStream ? null : lease();
            default -> null;
        };
    }

    private Object lease() {
        ReceiveBuffer filled = buffer;
        assert filled != null;
        assert leaser != null;
        filled.bytes().flip();
        buffer = null;
        long generation = filled.lease();
        boolean leased = false;
        try {
            Object lease = leaser.lease(filled, generation, trace());
            leased = true;
            return lease;
        } finally {
            if (!leased) {
                filled.release(generation);
            }
        }
    }

    @Override
    void forgetArguments() {
        if (buffer != null) {
            unequip().giveBack();  // the receive has failed
        }
        leaser = null;
        target = null;
        delimiter = NO_DELIMITER;
    }
}
