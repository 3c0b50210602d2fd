package io.proactor.engine.simulated;

import java.util.ArrayList;
import java.util.List;

/**
 * Which of the ready tasks is next. Uniform: any of them. By priorities: the one with the highest,
 * which was drawn when the task was made; at a few steps, drawn beforehand, the task whose turn it
 * would be falls behind all others. That finds what needs one task to be slow for long, as
 * Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs" (ASPLOS 2010) show. One choice in sixteen stays uniform, so that no
 * two tasks that wake each other keep the rest waiting for ever.
 */
final class Schedule {

    private static final int CHANGES = 3;
    private static final int CHANGE_STEPS = 2_000;  // a run of the samples has about as many
    private static final int UNIFORM_ONE_IN = 16;
    private static final int PRIORITIES = 1 << 20;

    private final Choices choices;
    private final boolean byPriority;
    private final int[] changes = new int[CHANGES];
    private final List<Task> ready = new ArrayList<>();
    private int lowest;

    Schedule(Choices choices, boolean byPriority) {
        this.choices = choices;
        this.byPriority = byPriority;
        for (int i = 0; i < CHANGES; i++) {
            changes[i] = choices.below(CHANGE_STEPS);
        }
    }

    int priority() {
        return byPriority ? choices.below(PRIORITIES) : 0;
    }

    boolean isEmpty() {
        return ready.isEmpty();
    }

    /** Does nothing if the task is ready already. */
    void add(Task task) {
        if (!task.ready) {
            task.ready = true;
            task.index = ready.size();
            ready.add(task);
        }
    }

    /** Takes the next task out; there must be one. */
    Task take(long step) {
        Task taken = ready.get(pick(step));
        Task last = ready.remove(ready.size() - 1);
        if (last != taken) {
            ready.set(taken.index, last);
            last.index = taken.index;
        }
        taken.ready = false;
        return taken;
    }

    private int pick(long step) {
        if (!byPriority || choices.oneIn(UNIFORM_ONE_IN)) {
            return choices.below(ready.size());
        }
        int best = highest();
        for (int change : changes) {
            if (change == step) {
                ready.get(best).priority = --lowest;
                return highest();
            }
        }
        return best;
    }

    private int highest() {
        int best = 0;
        for (int i = 1; i < ready.size(); i++) {
            Task each = ready.get(i);
            Task other = ready.get(best);
            if (each.priority > other.priority
                    || each.priority == other.priority && each.number < other.number) {
                best = i;
            }
        }
        return best;
    }
}
