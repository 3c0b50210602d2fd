package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The two groups of buffers that a loop lets the kernel pick from: one whose bytes are copied into
 * the initiator's buffer at once, and one whose buffers are leased to the application as they are.
 *
 * <p>Threads: the loop's, but for the constructor. To be closed after the ring.
 */
final class PickedBuffers implements AutoCloseable {

    private static final int COPIED_GROUP = 0;
    private static final int LEASED_GROUP = 1;

    /**
     * 2 MiB in all: no more than what a core's own cache holds. As many as most loops have
     * connections that become readable in the same turn.
     */
    private static final int COPIED_BUFFERS = 256;
    private static final int COPIED_BUFFER_BYTES = 8_192;

    /** Of the buffers to lease, what lies in the ring: so much in all, but at least some. */
    private static final int LEASED_BYTES = 1 << 20;
    private static final int LEASED_BUFFERS_MIN = 4;
    private static final int LEASED_BUFFERS_MAX = 256;

    private final Ring ring;
    private final ReceiveLimits limits;
    private final ReceiveBuffer.Source source;
    private final Slab slab;
    private final BufferGroup copied;

    // Made by the first receive of the loop; null until then, and where there is no memory for it.
    private @Nullable BufferGroup leased;
    private ReceiveBuffer[] inRing = new ReceiveBuffer[0];
    private boolean refused;  // true exactly from when the leased group could not be had

    /**
     * @param source where a leased buffer goes when it is released
     */
    PickedBuffers(Ring ring, ReceiveLimits limits, ReceiveBuffer.Source source)
            throws SystemCallException {
        this.ring = ring;
        this.limits = limits;
        this.source = source;
        slab = Slab.map((long) COPIED_BUFFERS * COPIED_BUFFER_BYTES);
        ByteBuffer[] buffers = new ByteBuffer[COPIED_BUFFERS];
        for (int i = 0; i < COPIED_BUFFERS; i++) {
            buffers[i] = slab.buffer((long) i * COPIED_BUFFER_BYTES, COPIED_BUFFER_BYTES);
        }
        boolean opened = false;
        try {
            copied = new BufferGroup(ring, COPIED_GROUP, buffers);
            opened = true;
        } finally {
            if (!opened) {
                slab.close();
            }
        }
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

    /**
     * The buffers in the ring come on top of what the limits allow to be leased, since nobody has
     * them.
     */
    private void openLeased() {
        int count = Math.max(LEASED_BUFFERS_MIN, Math.min(LEASED_BUFFERS_MAX,
                Integer.highestOneBit(Math.max(1, LEASED_BYTES / limits.bufferBytes()))));
        refused = true;
        ByteBuffer[] buffers = new ByteBuffer[count];
        ReceiveBuffer[] made = new ReceiveBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = ByteBuffer.allocateDirect(limits.bufferBytes());
            made[i] = new ReceiveBuffer(buffers[i], source);
        }
        try {
            leased = new BufferGroup(ring, LEASED_GROUP, buffers);
            inRing = made;
            refused = false;
        } catch (SystemCallException e) {
            assert refused;  // receives are served from the other group, with a copy
        }
    }

    /**
     * Takes a filled buffer out of the group to lease, with its bytes, and puts {@code other} in
     * its place; their holders change with them. Null if the buffer is of the other group.
     */
    @Nullable ReceiveBuffer exchange(BufferGroup group, int bufferId, ReceiveBuffer other) {
        if (group != leased) {
            return null;
        }
        ReceiveBuffer filled = inRing[bufferId];
        ReceiveBuffer.Holder holder = other.takeHolder();
        assert holder != null;
        filled.holder(holder);
        inRing[bufferId] = other;
        group.replace(bufferId, other.bytes());
        return filled;
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
        slab.close();
    }
}
