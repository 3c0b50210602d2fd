package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.BufferRing;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers of one loop from which the kernel picks when bytes are there, so that a connection that
 * waits for bytes holds no memory.
 *
 * <p>While the kernel has none left, receives end with ENOBUFS, and nothing is lost. Such
 * connections wait in line, and try again, the oldest first, as many as buffers have come back.
 *
 * <p>Ownership: a buffer is the kernel's from {@link #giveBack} until a completion names it, and
 * then the loop's. All memory must outlive the ring.
 *
 * <p>Threads: the loop's.
 */
final class BufferGroup {

    /** A connection that has found no buffer. */
    interface Starved {

        /** There may be a buffer now. */
        void onBuffers();
    }

    private final BufferRing ring;
    private final ByteBuffer[] buffers;
    private final long[] addresses;
    private final int bufferBytes;
    private final ArrayDeque<Starved> starved = new ArrayDeque<>();
    private int returned;  // buffers that came back since the last publish

    /**
     * @param group names the group in its ring
     * @param buffers direct ones of the same size, as many as a power of two; kept
     */
    BufferGroup(Ring owner, int group, ByteBuffer[] buffers) throws SystemCallException {
        this.buffers = buffers;
        bufferBytes = buffers[0].capacity();
        addresses = new long[buffers.length];
        ring = owner.registerBufferRing(group, buffers.length);
        for (int i = 0; i < buffers.length; i++) {
            put(i, buffers[i]);
            ring.add(addresses[i], bufferBytes, i);
        }
        ring.publish();
    }

    private void put(int bufferId, ByteBuffer buffer) {
        buffers[bufferId] = buffer;
        addresses[bufferId] = NativeMemory.address(buffer.clear());
        assert addresses[bufferId] != 0 : "the kernel can be given only memory that stays";
    }

    /** Returns the name of the group, for submissions. */
    int group() {
        return ring.group();
    }

    /** Returns how much one receive brings at most. */
    int bufferBytes() {
        return bufferBytes;
    }

    /** Returns what the kernel has put into a buffer: so many bytes. */
    ByteBuffer filled(int bufferId, int bytes) {
        return buffers[bufferId].clear().limit(bytes);
    }

    /** Puts another buffer of the same size in the place of one that the kernel has filled. */
    void replace(int bufferId, ByteBuffer other) {
        assert other.capacity() == bufferBytes;
        put(bufferId, other);
    }

    /** Takes a buffer back; the kernel has it from the next {@link #publish}. */
    void giveBack(int bufferId) {
        ring.add(addresses[bufferId], bufferBytes, bufferId);
        returned++;
    }

    /** A connection has found no buffer; it is told when there is one. */
    void lineUp(Starved connection) {
        starved.addLast(connection);
    }

    /** Gives the kernel what came back, and lets as many of those that wait try again. */
    void publish() {
        if (returned == 0 && starved.isEmpty()) {
            return;
        }
        if (returned > 0) {
            ring.publish();
        }
        // None may have come back if the kernel was late to see the last ones: all try then.
        int tries = returned > 0 ? returned : buffers.length;
        returned = 0;
        for (int i = Math.min(tries, starved.size()); i > 0; i--) {
            starved.removeFirst().onBuffers();
        }
    }
}
