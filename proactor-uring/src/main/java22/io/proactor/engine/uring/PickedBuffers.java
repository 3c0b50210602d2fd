package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two groups of buffers that a loop lets the kernel pick from: one whose bytes are copied into
 * the initiator's buffer, and one whose buffers are leased to the application as they are.
 *
 * <p>Threads: the loop's, but for the constructor. To be closed after the ring.
 */
final class PickedBuffers implements AutoCloseable {

    private static final int COPIED_GROUP = 0;
    private static final int LEASED_GROUP = 1;

    /**
     * 512 KiB to begin with, half of what a core's own cache holds, so that there is room for what
     * the bytes are copied into; and 2 MiB at most, for as many connections as become readable in
     * one turn.
     */
    private static final int COPIED_BUFFERS = 64;
    private static final int COPIED_BUFFERS_MAX = 256;
    private static final int COPIED_BUFFER_BYTES = 8_192;

    /**
     * Of the buffers to lease, what lies in the ring: so much to begin with, and at most; and what
     * small messages may fill. Measured: decision 18.
     */
    private static final int LEASED_BYTES = 1 << 17;
    private static final int LEASED_BYTES_SMALL = 1 << 18;
    private static final int LEASED_BYTES_MAX = 1 << 20;
    private static final int LEASED_BUFFERS_MIN = 4;
    private static final int LEASED_BUFFERS_MAX = 256;

    private final Ring ring;
    private final ReceiveLimits limits;
    private final ReceiveBuffer.Source source;
    private final boolean streams;
    private final List<Slab> slabs = new ArrayList<>();
    private final BufferGroup copied;

    // Made by the first receive of the loop; null until then, and where there is no memory for it.
    private @Nullable BufferGroup leased;
    private ReceiveBuffer[] inRing = new ReceiveBuffer[0];
    private boolean refused;        // true exactly from when the leased group could not be had
    private boolean limited = true; // false exactly once the kernel has refused to count for us

    /**
     * @param source where a leased buffer goes when it is released
     * @param streams whether receives may go on by themselves
     */
    PickedBuffers(Ring ring, ReceiveLimits limits, ReceiveBuffer.Source source, boolean streams)
            throws SystemCallException {
        this.ring = ring;
        this.limits = limits;
        this.source = source;
        this.streams = streams;
        boolean opened = false;
        try {
            copied = new BufferGroup(ring, COPIED_GROUP, COPIED_BUFFERS, COPIED_BUFFERS_MAX,
                    COPIED_BUFFERS * COPIED_BUFFER_BYTES, this::makeCopied);
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    private ByteBuffer makeCopied(int bufferId) throws SystemCallException {
        int index = bufferId % COPIED_BUFFERS;
        if (index == 0) {
            slabs.add(Slab.map((long) COPIED_BUFFERS * COPIED_BUFFER_BYTES));
        }
        return slabs.get(bufferId / COPIED_BUFFERS)
                .buffer((long) index * COPIED_BUFFER_BYTES, COPIED_BUFFER_BYTES);
    }

    /** Returns the group for bytes that are copied. */
    BufferGroup copied() {
        return copied;
    }

    /** Returns the group for bytes that are leased; if that cannot be had, the other one. */
    BufferGroup leased() {
        if (leased == null && !refused) {
            openLeased();
        }
        return leased != null ? leased : copied;
    }

    /** Returns whether receives may go on by themselves. */
    boolean streams() {
        return streams;
    }

    /** Returns whether the kernel ends a receive that goes on after so many bytes: Linux 6.17. */
    boolean limited() {
        return limited;
    }

    /** The kernel has refused to. */
    void notLimited() {
        limited = false;
    }

    /**
     * The buffers in the ring come on top of what the limits allow to be leased, since nobody has
     * them.
     */
    private void openLeased() {
        int countMax = leasedCount(LEASED_BYTES_MAX);
        refused = true;
        inRing = new ReceiveBuffer[countMax];
        try {
            leased = new BufferGroup(ring, LEASED_GROUP, leasedCount(LEASED_BYTES), countMax,
                    LEASED_BYTES_SMALL, this::makeLeased);
            refused = false;
        } catch (SystemCallException e) {
            assert refused;  // receives are served from the other group, with a copy
        }
    }

    private int leasedCount(int bytes) {
        return Math.max(LEASED_BUFFERS_MIN, Math.min(LEASED_BUFFERS_MAX,
                Integer.highestOneBit(Math.max(1, bytes / limits.bufferBytes()))));
    }

    private ByteBuffer makeLeased(int bufferId) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(limits.bufferBytes());
        inRing[bufferId] = new ReceiveBuffer(bytes, source);
        inRing[bufferId].address(NativeMemory.address(bytes));
        return bytes;
    }

    /**
     * Takes a filled buffer out of the group to lease, with its bytes, and puts {@code other} in
     * its place; their holders change with them. Null if the buffer is of the other group.
     */
    @Nullable ReceiveBuffer exchange(BufferGroup group, int bufferId, ReceiveBuffer other) {
        if (group != leased) {
            return null;
        }
        long address = address(other);  // first: it may throw, for want of memory
        ReceiveBuffer filled = inRing[bufferId];
        ReceiveBuffer.Holder holder = other.takeHolder();
        assert holder != null;
        filled.holder(holder);
        filled.soiled(group.filledEnd(bufferId));
        inRing[bufferId] = other;
        group.replace(bufferId, other.bytes(), address);
        return filled;
    }

    /** To ask makes garbage, so each buffer is asked once. */
    private static long address(ReceiveBuffer buffer) {
        if (buffer.address() == 0) {
            buffer.address(NativeMemory.address(buffer.bytes().clear()));
        }
        return buffer.address();
    }

    /** Returns whether {@link #publish} is to be called again, whatever comes. */
    boolean starving() {
        return copied.starving() || leased != null && leased.starving();
    }

    /** Gives the kernel what came back. */
    void publish() {
        copied.publish();
        if (leased != null) {
            leased.publish();
        }
    }

    @Override
    public void close() {
        slabs.forEach(Slab::close);
        slabs.clear();
    }
}
