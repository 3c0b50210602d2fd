package io.proactor.engine.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * Decides which threads of a pooled dispatcher run: as many as there are permits, the one that ran
 * last first. The rules are those of an I/O completion port (Windows, "I/O Completion Ports": the
 * concurrency value; threads are released last in, first out).
 *
 * <p>A thread of the dispatcher either holds a permit, and then looks for events and runs their
 * handlers; or is parked; or runs something that blocks, and has given its permit back meanwhile.
 *
 * <p>There is one lock, and a thread takes it only to move between these three, never for an event:
 * several numbers and a list must agree, and a thread that becomes idle is about to pay for a
 * wake-up that costs a hundred times more. No handler and no code of the application runs under it.
 */
final class Permits {

    private final int concurrency;
    private final int threadsMax;

    // Guarded by this.
    private @Nullable DispatcherThread parked;  // the one that parked last; linked by below
    private int parkedCount;
    private int blockedCount;                   // threads that run something that blocks
    private int threads;                        // that exist, or are about to
    private long wakeUps;

    // True exactly when one thread has a permit but no event yet: it was woken or it spins. There
    // is no second one, so that a burst of events wakes one thread and not all. Guarded by this.
    private boolean searching;

    // Threads that hold a permit. Guarded by this; the threads themselves read it without.
    private volatile int running;

    // True exactly when a wake-up would help: a permit is free, a thread is parked and nobody
    // searches. Guarded by this; whoever adds an event reads it without.
    private volatile boolean vacancy;

    // True from the first attempt to end. Guarded by this; the threads themselves read it without.
    private volatile boolean ended;

    /**
     * @param concurrency how many threads may run handlers at the same time
     * @param threadsMax how many threads there may be, of which some run something that blocks
     */
    Permits(int concurrency, int threadsMax) {
        assert concurrency >= 1;
        assert threadsMax >= concurrency;
        this.concurrency = concurrency;
        this.threadsMax = threadsMax;
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** Any thread. True if {@link #grant} is worth a call. */
    boolean vacancy() {
        return vacancy;
    }

    /** Any thread. Gives a permit to the thread that parked last; null if that is not to be. */
    synchronized @Nullable DispatcherThread grant() {
        DispatcherThread thread = parked;
        if (!vacancy || thread == null) {
            return null;
        }
        parked = thread.below;
        thread.below = null;
        parkedCount--;
        running++;
        searching = true;
        wakeUps++;
        changed();
        thread.granted = true;
        return thread;
    }

    /** Any thread. Returns how often a thread was woken. */
    synchronized long wakeUps() {
        return wakeUps;
    }

    /** Any thread. From here on nobody is woken, and whoever finds no event ends. */
    synchronized void end() {
        ended = true;
        changed();
    }

    /** Any thread. True after {@link #end}. */
    boolean ended() {
        return ended;
    }

    // ---- A thread that holds a permit ---------------------------------------------------------

    /** Tries to become the one that searches. */
    synchronized boolean search() {
        assert running > 0;
        if (searching) {
            return false;
        }
        searching = true;
        changed();
        return true;
    }

    /** The one that searches has found an event. It must look afterwards whether there are more. */
    synchronized void found() {
        assert searching;
        searching = false;
        changed();
    }

    /** Gives the permit back for want of events. The caller must look once more for some. */
    synchronized void park(DispatcherThread thread, boolean searched) {
        assert !searched || searching;
        searching &= !searched;
        running--;
        push(thread);
    }

    /** True if more threads run than there are permits, because one came back from a wait. */
    boolean excess() {
        return running > concurrency;
    }

    /**
     * Gives back a permit that is too many; true if so. All others are held, and whoever holds one
     * looks for events before it parks, so this makes no vacancy.
     */
    synchronized boolean parkExcess(DispatcherThread thread) {
        if (running <= concurrency) {
            return false;
        }
        running--;
        push(thread);
        return true;
    }

    /**
     * Gives the permit back until something that blocks is over. The caller must look afterwards
     * whether there are events.
     *
     * @return true if the caller must provide a thread for the permit, as there is none
     */
    synchronized boolean leave() {
        assert running > 0;
        running--;
        blockedCount++;
        boolean missing = parkedCount < concurrency - running && threads < threadsMax;
        if (missing) {
            threads++;
        }
        changed();
        return missing;
    }

    /** Takes a permit again, free or not: the handler that waited goes on at once. */
    synchronized void comeBack() {
        assert blockedCount > 0;
        blockedCount--;
        running++;
        changed();
    }

    // ---- Whoever makes a thread ---------------------------------------------------------------

    /** Counts a thread that is about to be made. */
    synchronized void expect() {
        assert threads < threadsMax;
        threads++;
    }

    /** A thread that was counted is there and waits for a permit. */
    synchronized void add(DispatcherThread thread) {
        push(thread);
    }

    /** A thread that was counted could not be made. */
    synchronized void missing() {
        threads--;
    }

    // ---- Private ------------------------------------------------------------------------------

    private void push(DispatcherThread thread) {
        assert !thread.granted;
        assert thread.below == null;
        thread.below = parked;
        parked = thread;
        parkedCount++;
        changed();
    }

    private void changed() {
        assert invariants();
        vacancy = !searching && !ended && running < concurrency && parked != null;
    }

    private boolean invariants() {
        assert running >= 0;
        assert parkedCount >= 0;
        assert parked == null == (parkedCount == 0);
        // Less while a thread is being made, or has ended.
        assert running + parkedCount + blockedCount <= threads;
        assert !searching || running > 0;
        return true;
    }
}
