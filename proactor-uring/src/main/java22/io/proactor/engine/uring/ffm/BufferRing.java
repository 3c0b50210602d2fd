package io.proactor.engine.uring.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The buffers of one group, from which the kernel picks when data is there (struct
 * io_uring_buf_ring). The owner of the ring adds buffers and publishes them; before the ring is
 * enabled, whoever opened it.
 *
 * <p>Ownership: a published buffer is the kernel's until a completion names its id. An id says
 * nothing of a place in here: the kernel takes the buffers in the order in which they were added.
 */
public final class BufferRing {

    private static final long ENTRY_BYTES = 16;
    private static final long LENGTH = 8;
    private static final long ID = 12;
    /** The tail lies in the reserved field of the first entry; so that is never written. */
    private static final long TAIL = 14;
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();

    private final Slab slab;
    private final MemorySegment memory;
    private final int group;
    private final int entries;

    // Buffers added since the beginning; the kernel sees the lower 16 bits when published.
    private int tail;
    private int published;

    BufferRing(Slab slab, int group, int entries) {
        assert Integer.bitCount(entries) == 1 && entries <= 1 << 15 : entries;
        this.slab = slab;
        this.memory = slab.memory();
        this.group = group;
        this.entries = entries;
    }

    static long bytes(int entries) {
        return ENTRY_BYTES * entries;
    }

    /** Returns the group by which submissions name these buffers. */
    public int group() {
        return group;
    }

    /** Returns how many buffers fit. The caller sees to it that no more are in at a time. */
    public int entries() {
        return entries;
    }

    /** Gives a buffer to the kernel, which sees it at the next {@link #publish}. */
    public void add(long address, int length, int bufferId) {
        assert tail - published < entries : "more buffers than entries";
        assert bufferId >= 0 && bufferId <= 0xFFFF : bufferId;
        long at = ENTRY_BYTES * (tail & entries - 1);
        memory.set(ValueLayout.JAVA_LONG, at, address);
        memory.set(ValueLayout.JAVA_INT, at + LENGTH, length);
        memory.set(ValueLayout.JAVA_SHORT, at + ID, (short) bufferId);
        tail++;
    }

    /** Lets the kernel see what was added. */
    public void publish() {
        published = tail;
        SHORT.setRelease(memory, TAIL, (short) tail);
    }

    long address() {
        return slab.address();
    }

    /** After the ring that it was registered with is gone. */
    void free() {
        slab.close();
    }
}
