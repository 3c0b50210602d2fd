package io.proactor.operation;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All operations of one proactor, by slot: finds the operation that an id names, from any thread
 * and without a lock. Slots are taken and given back with a lock, once per operation object and not
 * per initiation; a slot's generation survives its operations, so an old id never names a new one.
 *
 * <p>Bound: 2<sup>24</sup> operation objects at a time (two or three per connection); one more is
 * an {@link IllegalStateException}.
 */
public final class OperationTable {

    private static final int CHUNK_BITS = 10;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int SLOTS_MAX = 1 << AsynchronousOperation.SLOT_BITS;

    // Guarded by this, except that find() reads the volatile reference and the chunks' elements.
    private volatile AtomicReferenceArray<@Nullable AsynchronousOperation>[] chunks = newChunks(0);
    private long[] generations = new long[0];  // of slots that are free
    private int[] free = new int[0];           // a stack, so that slots stay few and warm
    private int freeCount;
    private int slotCount;

    private final boolean traced;

    /** Makes an empty table, without traces. */
    public OperationTable() {
        this(false);
    }

    /**
     * Makes an empty table.
     *
     * @param traced true if each initiation is to leave an {@link OperationTrace}
     */
    public OperationTable(boolean traced) {
        this.traced = traced;
    }

    boolean traced() {
        return traced;
    }

    /** Returns the operation whose current or last life {@code id} names, or null. Any thread. */
    public @Nullable AsynchronousOperation find(long id) {
        int slot = AsynchronousOperation.slotOf(id);
        AtomicReferenceArray<@Nullable AsynchronousOperation>[] chunks = this.chunks;
        int chunk = slot >>> CHUNK_BITS;
        if (id < 0 || chunk >= chunks.length) {
            return null;
        }
        AsynchronousOperation operation = chunks[chunk].get(slot & CHUNK - 1);
        return operation != null && operation.id() == id ? operation : null;
    }

    /**
     * Aborts the operation that {@code id} names. Any thread.
     *
     * @return false if it is gone, was never there, or is complete already
     */
    public boolean abort(long id, AbortReason reason) {
        AsynchronousOperation operation = find(id);
        return operation != null && operation.abort(id, reason);
    }

    /**
     * As {@link #abort(long, AbortReason)}, but false also if the operation is not of that owner.
     */
    public boolean abort(long id, OperationOwner owner, AbortReason reason) {
        AsynchronousOperation operation = find(id);
        return operation != null && operation.owner() == owner && operation.abort(id, reason);
    }

    /** Gives back the slot of an operation that will not be initiated again. Any thread. */
    public synchronized void unregister(AsynchronousOperation operation) {
        int slot = operation.slot();
        AtomicReferenceArray<@Nullable AsynchronousOperation> chunk = chunks[slot >>> CHUNK_BITS];
        assert chunk.get(slot & CHUNK - 1) == operation;
        assert !operation.pending() : operation;
        generations[slot] = operation.generation();
        chunk.set(slot & CHUNK - 1, null);
        free[freeCount++] = slot;
    }

    /** Calls {@code visitor} with each registered operation, in the order of slots. Any thread. */
    public void forEach(Consumer<AsynchronousOperation> visitor) {
        for (AtomicReferenceArray<@Nullable AsynchronousOperation> chunk : chunks) {
            for (int i = 0; i < CHUNK; i++) {
                AsynchronousOperation operation = chunk.get(i);
                if (operation != null) {
                    visitor.accept(operation);
                }
            }
        }
    }

    /** Returns the number of registered operations. Any thread. */
    public synchronized int size() {
        return slotCount - freeCount;
    }

    synchronized int register(AsynchronousOperation operation) {
        int slot = freeCount > 0 ? free[--freeCount] : newSlot();
        chunks[slot >>> CHUNK_BITS].set(slot & CHUNK - 1, operation);
        return slot;
    }

    /** Returns the last generation of a slot that has just been taken. */
    synchronized long generationOf(int slot) {
        return generations[slot];
    }

    private int newSlot() {
        if (slotCount == SLOTS_MAX) {
            throw new IllegalStateException("more than " + SLOTS_MAX + " operations at a time");
        }
        int slot = slotCount++;
        int chunk = slot >>> CHUNK_BITS;
        if (chunk == chunks.length) {
            AtomicReferenceArray<@Nullable AsynchronousOperation>[] grown = newChunks(chunk + 1);
            System.arraycopy(chunks, 0, grown, 0, chunk);
            grown[chunk] = new AtomicReferenceArray<>(CHUNK);
            chunks = grown;
            generations = Arrays.copyOf(generations, grown.length * CHUNK);
            free = Arrays.copyOf(free, grown.length * CHUNK);
        }
        return slot;
    }

    @SuppressWarnings("unchecked")  // an array of a generic type cannot be made otherwise
    private static AtomicReferenceArray<@Nullable AsynchronousOperation>[] newChunks(int length) {
        return (AtomicReferenceArray<@Nullable AsynchronousOperation>[])
                new AtomicReferenceArray<?>[length];
    }
}
