package io.proactor.engine.event;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that were taken from a stream and belong to a later read: what came behind a delimiter.
 *
 * <p>Threads: the owner of the handle. Bound: what one read's buffer has room for.
 */
public final class CarryOver {

    /**
     * A buffer up to this size is kept for the next surplus; a larger one is dropped when empty.
     */
    private static final int KEPT_BYTES_MAX = 4_096;

    private @Nullable ByteBuffer bytes;  // from position to limit: not yet read

    /** Makes an empty one, which holds no buffer. */
    public CarryOver() {}

    /** True if the next read must come here first. */
    public boolean isEmpty() {
        return bytes == null || !bytes.hasRemaining();
    }

    /** Takes the bytes of {@code source} from {@code from} up to {@code to}; it must be empty. */
    public void put(ByteBuffer source, int from, int to) {
        assert isEmpty();
        int count = to - from;
        if (bytes == null || bytes.capacity() < count) {
            bytes = ByteBuffer.allocate(Math.max(count, 256));
        }
        bytes.clear();
        bytes.put(0, source, from, count).limit(count);
    }

    /** Returns the bytes, for a read to take from. There are some. */
    public ByteBuffer bytes() {
        assert bytes != null;
        return bytes;
    }

    /** The read has taken from the bytes; gives a large buffer up if it is empty. */
    public void taken() {
        if (bytes != null && !bytes.hasRemaining() && bytes.capacity() > KEPT_BYTES_MAX) {
            bytes = null;
        }
    }
}
