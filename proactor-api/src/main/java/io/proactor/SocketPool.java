package io.proactor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A bounded set of slots, one for each connection that may be open at a time. Accepts are posted in
 * advance into free slots; a connection keeps its slot until it is closed and the last of its
 * handlers has been called.
 *
 * <p>Threads: any.
 */
public final class SocketPool {

    private final int maximum;
    private final List<Runnable> waiters = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private int inUse;
    private int inUseMost;
    private long handedOut;
    private int waiting;

    SocketPool(int maximum) {
        if (maximum < 1) {
            throw new IllegalArgumentException(
                    "A pool needs at least one slot, not " + maximum + ".");
        }
        this.maximum = maximum;
    }

    /** Returns the number of slots. */
    public int maximum() {
        return maximum;
    }

    /** Returns the number of slots without a connection; accepts may wait in them. */
    public synchronized int free() {
        return maximum - inUse;
    }

    /** Returns the number of slots with a connection. */
    public synchronized int inUse() {
        return inUse;
    }

    /** Returns how often a slot was taken that had served a connection before. */
    public synchronized long reused() {
        return handedOut - inUseMost;
    }

    /** Returns the number of accepts that wait for a connection to take one of the free slots. */
    public synchronized int waiting() {
        return waiting;
    }

    /** Takes a slot; false if none is free. */
    synchronized boolean reserve() {
        assert invariants();
        if (inUse == maximum) {
            return false;
        }
        inUse++;
        handedOut++;
        inUseMost = Math.max(inUseMost, inUse);
        return true;
    }

    /** Gives a slot back that no connection has used. */
    synchronized void withdraw() {
        assert inUse > 0;
        inUse--;
        handedOut--;
        inUseMost = (int) Math.min(inUseMost, handedOut);
        assert invariants();
    }

    /** Gives a slot back, and tells those who wait for one. To be called without locks. */
    void release() {
        synchronized (this) {
            assert inUse > 0 : "a slot is given back twice";
            inUse--;
            assert invariants();
        }
        waiters.forEach(Runnable::run);
    }

    synchronized void accepting(int more) {
        waiting += more;
        assert waiting >= 0;
    }

    /** Has {@code waiter} run at each release. */
    void register(Runnable waiter) {
        waiters.add(waiter);
    }

    void unregister(Runnable waiter) {
        waiters.remove(waiter);
    }

    private boolean invariants() {
        assert inUse >= 0;
        assert inUse <= maximum;
        assert inUseMost >= inUse;
        assert handedOut >= inUseMost;
        return true;
    }

    @Override
    public synchronized String toString() {
        return "SocketPool[" + inUse + " of " + maximum + " in use, " + waiting + " waiting]";
    }
}
