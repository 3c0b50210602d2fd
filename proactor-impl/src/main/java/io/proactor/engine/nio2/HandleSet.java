package io.proactor.engine.nio2;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The handles of a processor, and how far its end has come. Each handle reads that in every turn;
 * it is written first and then all handles are signalled, so that none is forgotten.
 *
 * <p>Threads: any. Bound: the handles that exist.
 */
final class HandleSet {

    /** How far the end has come. There is no way back. */
    private enum Phase { RUNNING, DRAINING, ABORTING }

    // Handles that are open, or that the JDK still has something of.
    private final Set<Serializer> members = ConcurrentHashMap.newKeySet();

    private volatile Phase phase = Phase.RUNNING;  // written under the lock
    private volatile @Nullable Throwable failure;  // not null exactly if the group has died

    /** A handle is new: whatever end has begun is to reach it too. */
    void register(Serializer handle) {
        boolean added = members.add(handle);
        assert added : "a handle is new once";
        if (phase != Phase.RUNNING || failure != null) {
            handle.signal();
        }
    }

    /** The JDK has nothing of the handle any more. */
    void unregister(Serializer handle) {
        boolean removed = members.remove(handle);
        assert removed : "a handle ends once";
    }

    /** Returns the number of handles that are open or have something with the JDK. */
    int size() {
        return members.size();
    }

    /** What only waits is to end. */
    void drain() {
        enter(Phase.DRAINING);
    }

    /** Everything is to end. */
    void abort() {
        enter(Phase.ABORTING);
    }

    private void enter(Phase next) {
        synchronized (this) {
            if (phase.compareTo(next) < 0) {
                phase = next;
            }
        }
        members.forEach(Serializer::signal);
    }

    /** The group will never call back: everything that is pending fails. */
    void fail(Throwable cause) {
        assert failure == null : "a group dies once";
        failure = cause;
        members.forEach(Serializer::signal);
    }

    /** True from the first drain on, and while aborting. */
    boolean draining() {
        return phase != Phase.RUNNING;
    }

    boolean aborting() {
        return phase == Phase.ABORTING;
    }

    /** Returns why the group will never call back again, or null if it will. */
    @Nullable Throwable failure() {
        return failure;
    }
}
