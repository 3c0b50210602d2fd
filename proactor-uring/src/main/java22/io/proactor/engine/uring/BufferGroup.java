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
 *
 * <p>How many the kernel has: it hands them out in turn, so it walks through all of them, and more
 * than the cache holds cost each receive a miss. What counts for that is what it puts in. So only
 * while some find none, and messages are small, more are added, each time as many as there are;
 * when messages become large, buffers that come back are put by until so many are left as hold
 * together what the first ones do when they are full, or more if messages fill at most half of a
 * buffer: then the receives that find none would cost more than the misses.
 *
 * <p>Ownership: a buffer is
 * <pre>
 * the kernel's   --a completion names it--&gt;   the loop's   --lend--&gt;   a connection's
 *      ^                                        |                         |
 *      +--------------- giveBack ---------------+------- giveBackLent ----+
 *      ^                                        |
 *      +-------- grow --------   put by   &lt;-----+
 * </pre>
 * A connection has it while its bytes wait for a read. At most half of those that are not put by
 * are lent, so connections that nobody reads from cannot starve the others. All memory must outlive
 * the ring.
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

    /** Over so many receives their size is averaged. */
    private static final int RECENT_RECEIVES = 16;

    private final BufferRing ring;
    private final Maker maker;
    private final ByteBuffer[] buffers;
    private final long[] addresses;
    private final int[] filledEnds;  // up to where bytes were put into each
    private final int bufferBytes;
    private final int count;      // to begin with
    private final long bytesMax;  // of small messages, in more buffers than those
    private final int[] putBy;    // a stack of putByCount ids
    private final ArrayDeque<Starved> starved = new ArrayDeque<>();
    private int made;             // buffers that there are, the first ones
    private int putByCount;       // of these, the ones that wait until more are wanted
    private int lent;             // of the others, the ones that connections have; at most half
    private int returned;         // buffers that came back since the last publish
    private long recentBytes;     // what a receive brought of late, times RECENT_RECEIVES

    /**
     * @param group names the group in its ring
     * @param count of the buffers to begin with, and {@code countMax} of all; powers of two
     * @param bytesMax what more than those may hold of messages that fill at most half of a buffer;
     *     of larger ones, what the first ones can
     */
    BufferGroup(Ring owner, int group, int count, int countMax, long bytesMax, Maker maker)
            throws SystemCallException {
        this.maker = maker;
        this.bytesMax = bytesMax;
        buffers = new ByteBuffer[countMax];
        addresses = new long[countMax];
        filledEnds = new int[countMax];
        putBy = new int[countMax];
        this.count = count;
        put(0, maker.make(0));
        bufferBytes = buffers[0].capacity();
        ring = owner.registerBufferRing(group, countMax);
        ring.add(addresses[0], bufferBytes, made++);
        while (made < count) {
            add();
        }
        ring.publish();
    }

    private void add() throws SystemCallException {
        put(made, maker.make(made));
        ring.add(addresses[made], bufferBytes, made);
        made++;
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

    /** Returns how many buffers go round now: the kernel's, and those that are lent. */
    int count() {
        return made - putByCount;
    }

    /** The kernel has put so many bytes into a buffer. */
    void received(int bufferId, int bytes) {
        filledEnds[bufferId] = Math.max(filledEnds[bufferId], bytes);
        recentBytes += bytes - recentBytes / RECENT_RECEIVES;
    }

    /**
     * Returns whether so many, as full as of late, hold more than pays: what the first ones hold
     * when they are full, or {@code bytesMax} of messages that fill at most half of a buffer.
     */
    private boolean tooMany(int buffers) {
        long bytes = recentBytes / RECENT_RECEIVES;
        long room = 2 * bytes > bufferBytes ? (long) count * bufferBytes : bytesMax;
        return buffers > count && buffers * bytes > room;
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

    /** Takes a buffer back; the kernel has it from the next {@link #publish}, if it is wanted. */
    void giveBack(int bufferId) {
        if (tooMany(count()) && 2 * lent < count()) {
            putBy[putByCount++] = bufferId;
        } else {
            ring.add(addresses[bufferId], bufferBytes, bufferId);
            returned++;
        }
    }

    /** Lets a connection keep one more for a while. False if enough are lent. */
    boolean lend() {
        if (2 * (lent + 1) > count()) {
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
     * Returns whether somebody is in line still. Those who try again may find no bytes, and then
     * nothing tells of them: so the next {@link #publish} must not wait for a completion.
     */
    boolean starving() {
        return !starved.isEmpty();
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
        for (int i = Math.min(count() - lent, starved.size()); i > 0; i--) {
            starved.removeFirst().onBuffers();
        }
    }

    /** To twice as many, but not to too many. */
    private void grow() {
        try {
            int target = Math.min(2 * count(), buffers.length);
            while (count() < target && !tooMany(count() + 1)) {
                if (putByCount > 0) {
                    int bufferId = putBy[--putByCount];
                    ring.add(addresses[bufferId], bufferBytes, bufferId);
                } else {
                    add();
                }
            }
        } catch (SystemCallException | OutOfMemoryError e) {
            assert made > 0;  // those that there are go round; the others wait
        }
    }
}
