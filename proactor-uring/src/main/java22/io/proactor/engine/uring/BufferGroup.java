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
 * connections wait in line, and try again, the oldest first, as many as there are buffers for.
 * Only then does the group grow, each time to twice its size, up to a bound: the kernel hands
 * buffers out in turn, so it walks through all there are, and more than the cache holds cost each
 * receive a miss.
 *
 * <p>Ownership: a buffer is
 * <pre>
 * the kernel's   --a completion names it--&gt;   the loop's   --lend--&gt;   a connection's
 *      ^                                        |                         |
 *      +--------------- giveBack ---------------+------- giveBackLent ----+
 * </pre>
 * A connection has it while its bytes wait for a read. At most half of the buffers are lent, so
 * connections that nobody reads from cannot starve the others. All memory must outlive the ring.
 *
 * <p>Threads: the loop's.
 */
final class BufferGroup {

    /** A connection that has found no buffer. */
    interface Starved {

        /** There may be a buffer now. */
        void onBuffers();
    }

    /** Where the memory comes from. */
    interface Maker {

        /** Returns the direct buffer to be known by that id; all are of the same size. */
        ByteBuffer make(int bufferId) throws SystemCallException;
    }

    private final BufferRing ring;
    private final Maker maker;
    private final ByteBuffer[] buffers;
    private final long[] addresses;
    private final int[] filledEnds;  // up to where bytes were put into each
    private final int bufferBytes;
    private final ArrayDeque<Starved> starved = new ArrayDeque<>();
    private int made;      // buffers that there are, the first ones
    private int lent;      // of these, the ones that connections have; at most half
    private int returned;  // buffers that came back since the last publish

    /**
     * @param group names the group in its ring
     * @param count of the buffers to begin with, and {@code countMax} of all; powers of two
     */
    BufferGroup(Ring owner, int group, int count, int countMax, Maker maker)
            throws SystemCallException {
        this.maker = maker;
        buffers = new ByteBuffer[countMax];
        addresses = new long[countMax];
        filledEnds = new int[countMax];
        put(0, maker.make(0));
        bufferBytes = buffers[0].capacity();
        ring = owner.registerBufferRing(group, countMax);
        giveBack(made++);
        while (made < count) {
            add();
        }
        returned = 0;
        ring.publish();
    }

    private void add() throws SystemCallException {
        put(made, maker.make(made));
        giveBack(made++);
    }

    private void put(int bufferId, ByteBuffer buffer) {
        put(bufferId, buffer, NativeMemory.address(buffer.clear()));
    }

    private void put(int bufferId, ByteBuffer buffer, long address) {
        assert address != 0 : "the kernel can be given only memory that stays";
        buffers[bufferId] = buffer;
        addresses[bufferId] = address;
    }

    /** Returns the name of the group, for submissions. */
    int group() {
        return ring.group();
    }

    /** Returns how much one receive brings at most. */
    int bufferBytes() {
        return bufferBytes;
    }

    /** Returns how many buffers there are now. */
    int count() {
        return made;
    }

    /** The kernel has put so many bytes into a buffer. */
    void received(int bufferId, int bytes) {
        filledEnds[bufferId] = Math.max(filledEnds[bufferId], bytes);
    }

    /** Returns what the kernel has put into a buffer: so many bytes. */
    ByteBuffer filled(int bufferId, int bytes) {
        return buffers[bufferId].clear().limit(bytes);
    }

    /** Puts more bytes behind those that a buffer holds up to {@code end}. */
    void append(int bufferId, int end, ByteBuffer source) {
        int length = source.remaining();
        filledEnds[bufferId] = Math.max(filledEnds[bufferId], end + length);
        filled(bufferId, end + length).put(end, source, source.position(), length);
    }

    /** Returns up to where bytes were put into a buffer since it is in the group. */
    int filledEnd(int bufferId) {
        return filledEnds[bufferId];
    }

    /**
     * Puts another buffer of the same size, which lies there, in the place of one that the kernel
     * has filled.
     */
    void replace(int bufferId, ByteBuffer other, long address) {
        assert other.capacity() == bufferBytes;
        filledEnds[bufferId] = 0;
        put(bufferId, other, address);
    }

    /** Takes a buffer back; the kernel has it from the next {@link #publish}. */
    void giveBack(int bufferId) {
        ring.add(addresses[bufferId], bufferBytes, bufferId);
        returned++;
    }

    /** Lets a connection keep one more for a while. False if enough are lent. */
    boolean lend() {
        if (2 * lent >= made) {
            return false;
        }
        lent++;
        return true;
    }

    /** Takes a lent one back; the kernel has it at once, since this may be far from a publish. */
    void giveBackLent(int bufferId) {
        assert lent > 0;
        lent--;
        giveBack(bufferId);
        ring.publish();
    }

    /** A connection has found no buffer; it is told when there is one. */
    void lineUp(Starved connection) {
        starved.addLast(connection);
    }

    /**
     * Gives the kernel what came back, and lets as many of those that wait try again as there are
     * buffers for. When this is called, no buffer is on its way: each is lent, or the kernel's. So
     * whoever found none may find one now, even if none has come back just now.
     */
    void publish() {
        if (starved.isEmpty()) {
            if (returned > 0) {
                returned = 0;
                ring.publish();
            }
            return;
        }
        grow();
        returned = 0;
        ring.publish();
        for (int i = Math.min(made - lent, starved.size()); i > 0; i--) {
            starved.removeFirst().onBuffers();
        }
    }

    private void grow() {
        try {
            for (int target = Math.min(2 * made, buffers.length); made < target;) {
                add();
            }
        } catch (SystemCallException | OutOfMemoryError e) {
            assert made > 0;  // those that there are go round; the others wait
        }
    }
}
