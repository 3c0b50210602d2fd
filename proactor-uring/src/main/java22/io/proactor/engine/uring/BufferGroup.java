package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.BufferRing;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The buffers of one loop from which the kernel picks when bytes are there, so that a connection
 * that waits for bytes holds no memory. What a completion brings is copied out at once, and the
 * buffer is the kernel's again.
 *
 * <p>While the kernel has none left, receives end with ENOBUFS, and nothing is lost. Such
 * connections wait in line, and try again, the oldest first, as many as buffers have come back.
 *
 * <p>Threads: the loop's.
 */
final class BufferGroup implements AutoCloseable {

    static final int GROUP = 0;

    /**
     * 2 MiB in all: no more than what a core's own cache holds. As many as most loops have
     * connections that become readable in the same turn.
     */
    private static final int BUFFERS = 256;
    static final int BUFFER_BYTES = 8_192;

    /** A connection that has found no buffer. */
    interface Starved {

        /** There may be a buffer now. */
        void onBuffers();
    }

    private final Slab slab;
    private final BufferRing ring;
    private final ByteBuffer[] buffers = new ByteBuffer[BUFFERS];
    private final ArrayDeque<Starved> starved = new ArrayDeque<>();
    private int returned;  // buffers that came back since the last publish

    BufferGroup(Ring owner) throws SystemCallException {
        ring = owner.registerBufferRing(GROUP, BUFFERS);
        slab = Slab.map((long) BUFFERS * BUFFER_BYTES);
        for (int i = 0; i < BUFFERS; i++) {
            buffers[i] = slab.buffer((long) i * BUFFER_BYTES, BUFFER_BYTES);
            ring.add(address(i), BUFFER_BYTES, i);
        }
        ring.publish();
    }

    /** Returns what the kernel has put into a buffer: so many bytes. */
    ByteBuffer filled(int bufferId, int bytes) {
        return buffers[bufferId].clear().limit(bytes);
    }

    /** Takes a buffer back; the kernel has it from the next {@link #publish}. */
    void giveBack(int bufferId) {
        ring.add(address(bufferId), BUFFER_BYTES, bufferId);
        returned++;
    }

    private long address(int bufferId) {
        return slab.address() + (long) bufferId * BUFFER_BYTES;
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
        int tries = returned > 0 ? returned : BUFFERS;
        returned = 0;
        for (int i = Math.min(tries, starved.size()); i > 0; i--) {
            starved.removeFirst().onBuffers();
        }
    }

    /** When the ring is closed. */
    @Override
    public void close() {
        slab.close();
    }
}
