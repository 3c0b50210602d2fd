package io.proactor.engine.nio2;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * Direct buffers of one size for physical reads and writes. The JDK moves bytes of a heap buffer by
 * way of a direct one that it keeps for each thread (sun.nio.ch.Util.getTemporaryDirectBuffer), so
 * these save a copy as well.
 *
 * <p>Threads: any.
 *
 * <p>Bound: a socket borrows at most one buffer for its reads and one for its writes, so the pools
 * hold at most sockets × (small + large) and what they keep.
 */
final class DirectBuffers {

    private final int bytes;
    private final MessagePassingQueue<ByteBuffer> kept;
    private final LongAdder lent = new LongAdder();

    /**
     * @param bytes in each buffer
     * @param keptMax how many are kept while nobody uses them
     */
    DirectBuffers(int bytes, int keptMax) {
        this.bytes = bytes;
        kept = new MpmcVarHandleArrayQueue<>(keptMax);
    }

    /** Returns a cleared buffer. */
    ByteBuffer borrow() {
        ByteBuffer buffer = kept.relaxedPoll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(bytes);
        }
        lent.increment();
        return buffer;
    }

    /** Takes a buffer back that nobody else knows of. */
    void giveBack(ByteBuffer buffer) {
        assert buffer.capacity() == bytes;
        lent.decrement();
        kept.relaxedOffer(buffer.clear());
    }

    /** A buffer will not come back, because the JDK may still use it; the collector gets it. */
    void abandoned() {
        lent.decrement();
    }

    /** Returns the number of bytes in each buffer. */
    int bytes() {
        return bytes;
    }

    /** Returns the number of buffers that are borrowed; exact when nothing is in flight. */
    long lent() {
        return lent.sum();
    }
}
