package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.util.ArrayDeque;

/**
 * The slabs of one loop that are not in use.
 *
 * <p>Threads: the loop's. Bound: a send in flight has one at most, and one connection one send;
 * a receive has one only where there are no {@link BufferGroup}s.
 */
final class TransferSlabs implements AutoCloseable {

    /** Kept for the next sends: 4 MiB. */
    private static final int KEPT_MAX = 64;

    private final ArrayDeque<TransferSlab> free = new ArrayDeque<>();

    /**
     * Returns a slab; the latest one, which is the likeliest to be in the cache.
     *
     * @throws SystemCallException ENOMEM
     */
    TransferSlab take() throws SystemCallException {
        TransferSlab slab = free.pollFirst();
        return slab != null ? slab : new TransferSlab(Slab.map(TransferSlab.BYTES));
    }

    /** Takes a slab back that nothing in flight refers to. */
    void giveBack(TransferSlab slab) {
        if (free.size() < KEPT_MAX) {
            free.addFirst(slab);
        } else {
            slab.free();
        }
    }

    @Override
    public void close() {
        free.forEach(TransferSlab::free);
        free.clear();
    }
}
