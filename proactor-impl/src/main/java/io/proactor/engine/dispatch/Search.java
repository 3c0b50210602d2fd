package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * How long a thread looks at an empty queue before it goes to sleep. One thread at a time does so,
 * and while it does, nobody who adds an event has to wake one.
 *
 * @param spins looks between which it keeps its core: worth it if another core may add an event
 * @param yields looks after these, between which whoever waits for the same core comes first. What
 *     those have to add then comes together, in place of one event for each time they are put off
 */
record Search(int spins, int yields) {

    /**
     * At 10 to 40 ns each the spins last for a few microseconds, about what it costs to wake a
     * thread (9 µs on another core), so a thread never spends more on waiting than twice what the
     * better choice would have cost (Karlin, Li, Manasse, Owicki, "Empirical studies of competitive
     * spinning", 1991). With one core there is nobody to wait for.
     *
     * <p>A yield is a system call of 0.3 µs if nobody else wants the core.
     */
    static final Search USUAL =
            new Search(Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0, 2);

    /** None, for a model checker, which tries all schedules anyway. */
    static final Search NONE = new Search(0, 0);

    /** Returns an event as soon as there is one; null if there was none. */
    @Nullable CompletionEvent in(CompletionEventQueue queue) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
            CompletionEvent event = queue.poll();
            if (event != null) {
                return event;
            }
        }
        for (int i = 0; i < yields; i++) {
            Thread.yield();
            CompletionEvent event = queue.poll();
            if (event != null) {
                return event;
            }
        }
        return null;
    }
}
