package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tasks of the executor are in a list, and run where the test says so. */
final class RunBoundsTest {

    private final DispatchBench bench = new DispatchBench();
    private final List<Runnable> tasks = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();

    private void post(int events, RunBounds bounds) {
        ExecutorDispatcher dispatcher = new ExecutorDispatcher(bench.context, tasks::add,
                bench.watchdog, new CompletionEventQueue(), Search.NONE, bounds);
        for (int i = 1; i <= events; i++) {
            int event = i;
            DispatchBench.post(dispatcher, () -> order.add(event));
        }
    }

    @Test
    void aRunCallsSoManyHandlersAndLeavesTheRestToTheNext() {
        post(5, new RunBounds(2, Long.MAX_VALUE));
        assertThat(tasks).hasSize(1);
        for (int run = 0; run < tasks.size(); run++) {
            tasks.get(run).run();
            assertThat(order).hasSize(Math.min(5, 2 * (run + 1)));
        }
        assertThat(order).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void whoeverComesByAsksAgainForARunThatSeemsLost() {
        post(2, new RunBounds(1, -1));
        assertThat(tasks).hasSize(2);  // the second event asks again
        tasks.get(0).run();
        // A run for the second event, before the handler of the first; and one that asks again for
        // that, since it has had its turn.
        assertThat(tasks).hasSize(4);
        tasks.get(3).run();
        assertThat(order).containsExactly(1, 2);
    }
}
