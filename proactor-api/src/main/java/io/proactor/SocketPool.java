package io.proactor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * A bounded set of slots, one for each connection that may be open at a time. Accepts are posted in
 * advance into free slots; a connection keeps its slot until it is closed, or disconnected, and the
 * last of its handlers has been called.
 *
 * <p>A slot may have a socket at rest: made in advance, up to the minimum, or given back by {@link
 * StreamSocket#disconnect}. The next connection is put into that same object. A burst that finds
 * none makes more, up to the maximum; those that nobody has needed for half a minute are given up
 * again.
 *
 * <p>Threads: any.
 */
public final class SocketPool {

    private final int maximum;
    private final RestingSockets resting;
    private final LongAdder returnsRefused = new LongAdder();
    private final List<Runnable> waiters = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private int inUse;          // slots that are reserved for a connection or have one
    private int connected;      // of these, the ones that have one
    private int connectedMost;
    private long handedOut;     // connections that ever had a slot
    private int waiting;

    SocketPool(int minimum, int maximum, Supplier<Timer> timers) {
        if (maximum < 1) {
            throw new IllegalArgumentException(
                    "A pool needs at least one slot, not " + maximum + ".");
        }
        if (minimum < 0 || minimum > maximum) {
            throw new IllegalArgumentException(
                    "minimum must be between 0 and " + maximum + ", not " + minimum + ".");
        }
        this.maximum = maximum;
        resting = new RestingSockets(minimum, timers);
    }

    /** Returns the number of sockets that are kept at rest even if nobody needs them. */
    public int minimum() {
        return resting.minimum();
    }

    /** Returns the number of sockets at rest, each of them in a free slot. */
    public int atRest() {
        return resting.size();
    }

    /** Returns how often a socket was to be given back that had been given back before. */
    public long returnsRefused() {
        return returnsRefused.sum();
    }

    /** Returns the number of slots. */
    public int maximum() {
        return maximum;
    }

    /** Returns the number of slots without a connection; accepts may wait in them. */
    public synchronized int free() {
        return maximum - inUse;
    }

    /** Returns the number of slots with a connection, or with one that is about to be taken. */
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

    /** The connection was not there: what {@link #reserve} gave is free again. */
    void unreserve() {
        free(0);
    }

    /** Tells the others that a slot was given back. To be called without locks. */
    void unreserved(Runnable self) {
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

    /** True if it was the last one: nobody will take a connection into this pool any more. */
    boolean unregister(Runnable waiter) {
        waiters.remove(waiter);
        return waiters.isEmpty();
    }

    RestingSockets resting() {
        return resting;
    }

    void refuseReturn() {
        returnsRefused.increment();
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
