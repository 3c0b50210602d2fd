package io.proactor.operation;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * A read into one buffer: of some bytes, of at least a minimum, or up to a delimiter. It knows when
 * it is satisfied; how bytes get into its buffer is the processor's affair.
 */
public final class ReadOperation extends AsynchronousOperation {

    private static final byte[] NO_DELIMITER = {};

    private @Nullable ByteBuffer target;
    private int start;           // the target's position at the initiation
    private int minimum;         // bytes that satisfy the read
    private byte[] delimiter = NO_DELIMITER;
    private int scanned;         // until a delimiter: the target holds none that ends before this
    private boolean endOfStream;

    /** For processors: one per socket. */
    public ReadOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return Kind.READ;
    }

    /** The initiator. A read of at least {@code minimum} bytes. */
    public <A> void prepare(ByteBuffer target, int minimum, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<Integer, ? super A> handler) {
        assert minimum >= 0;
        assert minimum <= target.remaining();
        prepare(attachment, handler, timeoutNanos);
        this.target = target;
        this.minimum = minimum;
        start = target.position();
        delimiter = NO_DELIMITER;
        endOfStream = false;
    }

    /** The initiator. A read up to and including {@code delimiter}, which is not copied. */
    public <A> void prepare(ByteBuffer target, byte[] delimiter, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<Integer, ? super A> handler) {
        assert delimiter.length > 0;
        prepare(target, 0, timeoutNanos, attachment, handler);
        this.delimiter = delimiter;
        scanned = start;
    }

    /** The processor. Returns the buffer that is being filled. */
    public ByteBuffer target() {
        assert target != null;
        return target;
    }

    /** The processor. Returns the number of bytes that the target has received so far. */
    public int bytesMoved() {
        return target().position() - start;
    }

    /** The processor. True if the read looks for a delimiter, so that bytes may be left over. */
    public boolean untilDelimiter() {
        return delimiter.length > 0;
    }

    /** The processor. True if no byte can be taken any more, whether satisfied or not. */
    public boolean full() {
        return !target().hasRemaining();
    }

    /**
     * The processor. Moves bytes of {@code source} into the target, no more than the read asks for.
     *
     * @return true if the read is satisfied
     */
    public boolean fill(ByteBuffer source) {
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
            return bytesMoved() >= minimum;
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
    Integer value() {
        return BoxedCounts.of(endOfStream ? -1 : bytesMoved());
    }

    @Override
    void forgetArguments() {
        target = null;
        delimiter = NO_DELIMITER;
    }
}
