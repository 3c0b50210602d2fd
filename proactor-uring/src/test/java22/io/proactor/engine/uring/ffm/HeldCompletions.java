package io.proactor.engine.uring.ffm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Completions on their way to the user of a {@link FaultyRing}: those whose turn has come, and
 * those that are held back. What belongs to one submission, or to one chain, keeps its order.
 */
final class HeldCompletions {

    /** A completion and the turn before which it is not given out. */
    record Held(long userData, int result, int flags, long due) {}

    private final List<Held> held = new ArrayList<>();
    private final ArrayDeque<Held> due = new ArrayDeque<>();

    // Of each entry of a chain, the user data of the first; of others nothing.
    private final Map<Long, Long> chains = new HashMap<>();
    private final Set<Long> waiting = new HashSet<>();
    private long turn;

    /** Says that completions of this submission come in order with those of that one. */
    void chain(long userData, long first) {
        chains.put(userData, first);
    }

    void add(long userData, int result, int flags, int turns) {
        held.add(new Held(userData, result, flags, turn + turns));
        release();
    }

    /** The ring was entered. */
    void nextTurn() {
        turn++;
        release();
    }

    private void release() {
        waiting.clear();
        for (Iterator<Held> all = held.iterator(); all.hasNext();) {
            Held next = all.next();
            long order = chains.getOrDefault(next.userData(), next.userData());
            if (next.due() > turn || waiting.contains(order)) {
                waiting.add(order);
            } else {
                all.remove();
                due.add(next);
            }
        }
    }

    int ready() {
        return due.size();
    }

    /** Returns whether something is here that no wait in the kernel would bring. */
    boolean any() {
        return !due.isEmpty() || !held.isEmpty();
    }

    Held take() {
        return due.remove();
    }
}
