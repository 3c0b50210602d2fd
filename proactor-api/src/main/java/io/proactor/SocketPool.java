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
    private int inUse;          // slots that are reserved for a connection or have one
    private int connected;      // of these, the ones that have one
    private int connectedMost;
    private long handedOut;     // connections that ever had a slot
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
        return handedOut - connectedMost;
    }

    /** Returns the number of accepts that wait for a connection to take one of the free slots. */
    public synchronized int waiting() {
        return Math.min(waiting, maximum - inUse);
    }

    /** Reserves a slot for a connection that may be there; false if none is free. */
    synchronized boolean reserve() {
        assert invariants();
        if (inUse == maximum) {
            return false;
        }
        inUse++;
        return true;
    }

    /** The connection was there. */
    synchronized void taken() {
        connected++;
        handedOut++;
        connectedMost = Math.max(connectedMost, connected);
        assert invariants();
    }

    /** The connection was not there. To be called without locks. */
    void withdraw(Runnable self) {
        free(0);
        waiters.forEach(waiter -> {
            if (waiter != self) {
                waiter.run();
            }
        });
    }

    /** The connection is over. To be called without locks. */
    void release() {
        free(1);
        waiters.forEach(Runnable::run);
    }

    private synchronized void free(int connections) {
        assert inUse > 0 : "a slot is given back twice";
        inUse--;
        connected -= connections;
        assert invariants();
    }

    synchronized void accepting(int more) {
        waiting += more;
        assert waiting >= 0;
    }

    /** Has {@code waiter} run when a slot may have become free. */
    void register(Runnable waiter) {
        waiters.add(waiter);
    }

    void unregister(Runnable waiter) {
        waiters.remove(waiter);
    }

    private boolean invariants() {
        assert connected >= 0;
        assert connected <= inUse;
        assert inUse <= maximum;
        assert connectedMost >= connected;
        assert handedOut >= connectedMost;
        return true;
    }

    @Override
    public synchronized String toString() {
        return "SocketPool[" + inUse + " of " + maximum + " in use, " + waiting + " waiting]";
    }
}
