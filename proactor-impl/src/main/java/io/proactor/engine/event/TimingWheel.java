package io.proactor.engine.event;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Deadline;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines, to a tick of about a millisecond, never early: arming and disarming cost the same with
 * ten deadlines and with a million. Hierarchical, as scheme 6 of Varghese and Lauck, "Hashed and
 * Hierarchical Timing Wheels" (SOSP 1987): a level has 64 slots, each as long as the whole level
 * below it; what is far off waits in a high level and moves down as its time comes near.
 *
 * <p>Threads: one owner for all methods, those of the deadlines included.
 */
public final class TimingWheel {

    private static final int TICK_SHIFT = 20;    // 1,048,576 ns
    private static final int SLOT_SHIFT = 6;
    private static final int SLOTS = 1 << SLOT_SHIFT;
    private static final int LEVELS = 6;         // 64^6 ticks: two years; later ones go round again
    private static final long TICKS_MAX = (1L << SLOT_SHIFT * LEVELS) - 1;
    private static final int FREE_MAX = 1_024;   // entries kept for the next deadlines: about 50 KB

    private final long startNanos;
    private final Entry[][] slots = new Entry[LEVELS][SLOTS];  // the first of each list, or null
    private final long[] filled = new long[LEVELS];            // bit s: slot s is not empty
    private long tick;           // all slots up to here have been emptied
    private int armed;
    private @Nullable Entry free;
    private int freeCount;

    /** Makes a wheel that stands at {@code nowNanos} of {@link System#nanoTime}. */
    public TimingWheel(long nowNanos) {
        startNanos = nowNanos;
    }

    /** Arms a deadline for one life of an operation, or for none. */
    public Deadline arm(Timed target, @Nullable AsynchronousOperation operation,
            long deadlineNanos) {
        Entry entry = free;
        if (entry == null) {
            entry = new Entry();
        } else {
            free = entry.next;
            freeCount--;
        }
        entry.target = target;
        entry.operation = operation;
        entry.id = operation == null ? 0 : operation.id();
        // Rounded up, so that a deadline is never early.
        entry.dueTick = deadlineNanos - startNanos + (1L << TICK_SHIFT) - 1 >> TICK_SHIFT;
        entry.armed = true;
        armed++;
        insert(entry, tick + 1);  // the slot of the current tick has been emptied
        return entry;
    }

    /** Returns the number of deadlines that have neither come nor been disarmed. */
    public int armed() {
        return armed;
    }

    /** Returns how long the owner may sleep; {@link Long#MAX_VALUE} if no deadline is armed. */
    public long nanosToNext(long nowNanos) {
        if (armed == 0) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, startNanos + (nextTick() << TICK_SHIFT) - nowNanos);
    }

    /** Tells the targets of all deadlines that have come. Returns how many. */
    public int expire(long nowNanos) {
        long nowTick = nowNanos - startNanos >> TICK_SHIFT;
        int expired = 0;
        while (tick < nowTick) {
            long next = armed == 0 ? Long.MAX_VALUE : nextTick();
            if (next > nowTick) {
                tick = nowTick;
                break;
            }
            tick = next;
            cascade();
            expired += expireSlot((int) tick & SLOTS - 1);
        }
        return expired;
    }

    private int expireSlot(int slot) {
        Entry list = take(0, slot);
        // Two passes: a target may disarm any other deadline, so none may still be linked here.
        for (Entry entry = list; entry != null; entry = entry.next) {
            entry.level = Entry.UNLINKED;
        }
        int expired = 0;
        while (list != null) {
            Entry entry = list;
            list = entry.next;
            entry.next = null;
            if (entry.armed) {
                entry.armed = false;
                armed--;
                expired++;
                entry.expire();
            } else {
                release(entry);
            }
        }
        return expired;
    }

    /** Moves the lists down whose first tick is the current one. */
    private void cascade() {
        for (int level = LEVELS - 1; level > 0; level--) {
            int shift = SLOT_SHIFT * level;
            if ((tick & (1L << shift) - 1) == 0) {
                Entry entry = take(level, (int) (tick >>> shift) & SLOTS - 1);
                while (entry != null) {
                    Entry next = entry.next;
                    insert(entry, tick);  // the slot of the current tick is emptied next
                    entry = next;
                }
            }
        }
    }

    /** Returns the first tick after the current one at which a slot is to be emptied. */
    private long nextTick() {
        long next = Long.MAX_VALUE;
        for (int level = 0; level < LEVELS; level++) {
            if (filled[level] != 0) {
                int shift = SLOT_SHIFT * level;
                long position = tick >>> shift;
                // Bit 0 of the rotated word is the slot after the current one.
                long ahead = Long.rotateRight(filled[level], (int) (position + 1 & SLOTS - 1));
                long distance = Long.numberOfTrailingZeros(ahead) + 1;
                next = Math.min(next, position + distance << shift);
            }
        }
        return next;
    }

    /**
     * Puts an entry where it will be found at its tick, or at {@code earliest} if that is later.
     */
    private void insert(Entry entry, long earliest) {
        long due = Math.max(entry.dueTick, earliest);
        // Less than a round of the top level, wherever in its slot the current tick stands.
        due = Math.min(due, tick + TICKS_MAX - (1L << SLOT_SHIFT * (LEVELS - 1)));
        int level = 0;
        while ((due >>> SLOT_SHIFT * level) - (tick >>> SLOT_SHIFT * level) >= SLOTS) {
            level++;
        }
        assert level < LEVELS;
        link(entry, level, (int) (due >>> SLOT_SHIFT * level) & SLOTS - 1);
    }

    private void link(Entry entry, int level, int slot) {
        entry.level = level;
        entry.slot = slot;
        entry.previous = null;
        entry.next = slots[level][slot];
        if (entry.next != null) {
            entry.next.previous = entry;
        }
        slots[level][slot] = entry;
        filled[level] |= 1L << slot;
    }

    private void unlink(Entry entry) {
        if (entry.previous == null) {
            slots[entry.level][entry.slot] = entry.next;
            if (entry.next == null) {
                filled[entry.level] &= ~(1L << entry.slot);
            }
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
    }

    private @Nullable Entry take(int level, int slot) {
        Entry list = slots[level][slot];
        slots[level][slot] = null;
        filled[level] &= ~(1L << slot);
        return list;
    }

    private void release(Entry entry) {
        entry.target = null;
        entry.operation = null;
        entry.previous = null;
        if (freeCount < FREE_MAX) {
            entry.next = free;
            free = entry;
            freeCount++;
        }
    }

    @Override
    public String toString() {
        return "TimingWheel[tick " + tick + ", " + armed + " armed, "
                + Arrays.toString(filled) + "]";
    }

    /**
     * One deadline. Freed by disarm, which its operation calls once, before or after it has come.
     */
    private final class Entry implements Deadline {
        static final int UNLINKED = -1;

        private @Nullable Timed target;
        private @Nullable AsynchronousOperation operation;
        private long id;
        private long dueTick;
        private int level;
        private int slot;
        private boolean armed;  // true exactly from arm until it has come or is disarmed
        private @Nullable Entry next;
        private @Nullable Entry previous;

        void expire() {
            Timed told = target;
            assert told != null;
            AsynchronousOperation armedFor = operation;
            long life = id;
            if (armedFor == null) {
                release(this);  // nobody will disarm it
            }
            told.onDeadline(armedFor, life);
        }

        @Override
        public void disarm() {
            if (!armed) {
                release(this);
                return;
            }
            armed = false;
            TimingWheel.this.armed--;
            if (level != UNLINKED) {
                unlink(this);
                release(this);
            }
            // Else it is in the list that is being expired, which will release it.
        }
    }
}
