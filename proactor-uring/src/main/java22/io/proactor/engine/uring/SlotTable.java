package io.proactor.engine.uring;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are in flight. Each has a slot from its submission to its terminal completion,
 * and is named by {@code kind:8 | generation:24 | slot:32}, which the kernel hands back. The
 * generation counts the uses of the slot, so that what comes late for an earlier use is told from
 * what comes for this one.
 *
 * <p>Ownership: a slot refers to the memory that the kernel may write to or read from until then.
 *
 * <p>Threads: the loop's. Bound: three requests for each handle, and a few of the loop's own.
 */
final class SlotTable {

    /** The name of no request: the kind of a real one is never 0. */
    static final long NONE = 0;

    private static final int SLOTS_MIN = 256;
    private static final int GENERATION_MASK = 0xFF_FFFF;
    private static final int GENERATION_SHIFT = 32;
    private static final int KIND_SHIFT = 56;

    private @Nullable Requester[] requesters = new @Nullable Requester[SLOTS_MIN];
    private @Nullable Object[] memory = new @Nullable Object[SLOTS_MIN];
    private int[] generations = new int[SLOTS_MIN];
    private byte[] kinds = new byte[SLOTS_MIN];
    private int[] free = new int[SLOTS_MIN];  // a stack, so that slots stay few and warm
    private int freeCount;
    private int slotCount;
    private long stale;

    /**
     * Takes a slot.
     *
     * @param kind what is submitted, an {@link io.proactor.engine.uring.ffm.Opcode}
     * @param pinned what must live until the slot is free; null if nothing
     * @return the name of the request
     */
    long take(int kind, Requester requester, @Nullable Object pinned) {
        assert kind > 0 && kind < 128 : kind;
        int slot = freeCount > 0 ? free[--freeCount] : newSlot();
        assert requesters[slot] == null;
        requesters[slot] = requester;
        memory[slot] = pinned;
        kinds[slot] = (byte) kind;
        return (long) kind << KIND_SHIFT | (long) generations[slot] << GENERATION_SHIFT | slot;
    }

    /** Returns who has submitted a request; null, and counts it, if the request is over. */
    @Nullable Requester find(long name) {
        Requester requester = current(name) ? requesters[(int) name] : null;
        if (requester == null) {
            stale++;
        }
        return requester;
    }

    /** Returns whether the request is in flight. */
    boolean live(long name) {
        return current(name) && requesters[(int) name] != null;
    }

    /** Returns what kind of request is in flight in that slot. */
    int kind(long name) {
        assert live(name);
        return kinds[(int) name];
    }

    private boolean current(long name) {
        int slot = (int) name;
        return slot >= 0 && slot < slotCount && generations[slot] == generationOf(name);
    }

    /** Frees the slot of a request, at its terminal completion. */
    void free(long name) {
        assert live(name);
        int slot = (int) name;
        requesters[slot] = null;
        memory[slot] = null;
        generations[slot] = generations[slot] + 1 & GENERATION_MASK;
        free[freeCount++] = slot;
    }

    /** Returns how many requests are in flight. */
    int inFlight() {
        return slotCount - freeCount;
    }

    /** Returns how many completions came for requests that were over. */
    long stale() {
        return stale;
    }

    /** Returns the kind that a name says. */
    static int kindOf(long name) {
        return (int) (name >>> KIND_SHIFT);
    }

    /** Returns the same request's name with another kind: that of a request about it. */
    static long withKind(long name, int kind) {
        return name & -1L >>> 64 - KIND_SHIFT | (long) kind << KIND_SHIFT;
    }

    private static int generationOf(long name) {
        return (int) (name >>> GENERATION_SHIFT) & GENERATION_MASK;
    }

    private int newSlot() {
        if (slotCount == requesters.length) {
            int grown = 2 * slotCount;
            requesters = Arrays.copyOf(requesters, grown);
            memory = Arrays.copyOf(memory, grown);
            generations = Arrays.copyOf(generations, grown);
            kinds = Arrays.copyOf(kinds, grown);
            free = Arrays.copyOf(free, grown);
        }
        return slotCount++;
    }
}
