package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.lang.foreign.MemorySegment;

/**
 * Memory for what describes a request and is read when the request is submitted: addresses,
 * message headers, vectors. All of it is free again as soon as nothing is prepared.
 *
 * <p>Threads: the loop's.
 */
final class ScratchMemory implements AutoCloseable {

    /** As much as 256 entries can ask for: a header and 16 vectors each, on average. */
    private static final int BYTES = 96 * 1_024;

    private static final int ALIGNMENT = Long.BYTES;

    private final Slab slab;
    private int used;

    ScratchMemory() throws SystemCallException {
        slab = Slab.map(BYTES);
    }

    MemorySegment memory() {
        return slab.memory();
    }

    /** Returns the address of an offset. */
    long address(long offset) {
        return slab.address() + offset;
    }

    boolean hasRoom(int bytes) {
        assert bytes <= BYTES;
        return BYTES - used >= bytes;
    }

    /** Returns the offset of so many bytes; there must be room. */
    int take(int bytes) {
        int offset = used;
        used += bytes + ALIGNMENT - 1 & -ALIGNMENT;
        return offset;
    }

    /** Nothing is prepared. */
    void reset() {
        used = 0;
    }

    @Override
    public void close() {
        slab.close();
    }
}
