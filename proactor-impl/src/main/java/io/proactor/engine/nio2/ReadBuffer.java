package io.proactor.engine.nio2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of the library that the physical reads of a connection go into, and what they have
 * brought that no read has taken yet. While a physical read is in flight it is the JDK's.
 *
 * <p>A physical read for somebody who has no buffer of his own yet gets room for one byte, so that
 * a connection that only waits holds next to nothing.
 *
 * <p>Threads: the holder's. Bound: one buffer, borrowed while a physical read is in flight or bytes
 * are left over.
 */
final class ReadBuffer {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final DirectBuffers single;  // of one byte
    private final DirectBuffers small;

    // Null exactly if no physical read is in flight and no byte is left over.
    private @Nullable ByteBuffer buffer;

    ReadBuffer(Nio2Processor processor) {
        single = processor.singleBuffers();
        small = processor.smallBuffers();
    }

    /** Returns what the next physical read is to fill: room for one byte, or for many. */
    ByteBuffer borrow(boolean one) {
        assert isEmpty();
        DirectBuffers wanted = one ? single : small;
        if (buffer != null && buffer.capacity() != wanted.bytes()) {
            giveBack();
        }
        if (buffer == null) {
            buffer = wanted.borrow();
        }
        return buffer.clear();
    }

    /** A physical read has brought so many bytes. */
    void arrived(int count) {
        if (buffer != null) {
            buffer.position(0).limit(count);
        }
    }

    /** Returns what no read has taken yet, to take from. */
    ByteBuffer bytes() {
        return buffer == null ? NOTHING : buffer;
    }

    /** True if the last physical read had room for one byte only, so there may well be more. */
    boolean one() {
        return buffer != null && buffer.capacity() == single.bytes();
    }

    boolean isEmpty() {
        return buffer == null || !buffer.hasRemaining();
    }

    /** What is left over is for nobody. */
    void drop() {
        if (buffer != null) {
            giveBack();
        }
    }

    void giveBackIfEmpty() {
        if (buffer != null && !buffer.hasRemaining()) {
            giveBack();
        }
    }

    /** The JDK may still have the buffer, and write to it at any time. */
    void abandon() {
        if (buffer != null) {
            lender().abandoned();
            buffer = null;
        }
    }

    /** True if nothing is borrowed. */
    boolean idle() {
        return buffer == null;
    }

    private void giveBack() {
        assert buffer != null;
        lender().giveBack(buffer);
        buffer = null;
    }

    private DirectBuffers lender() {
        return one() ? single : small;
    }
}
