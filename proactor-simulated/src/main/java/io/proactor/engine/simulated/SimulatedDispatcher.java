package io.proactor.engine.simulated;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.CompletionDispatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The completion event queue, and who takes from it: a loop's own, in order; or dispatcher threads,
 * any of which may be faster than the others, so that any event may come first. Each run of the
 * task dispatches one.
 */
final class SimulatedDispatcher extends Task implements CompletionDispatcher {

    private final World world;
    private final boolean ordered;
    private final HandlerRunner runner;
    private final List<CompletionEvent> events = new ArrayList<>();
    private @Nullable SimulatedLoop owner;  // whose own it is, or null

    SimulatedDispatcher(World world, boolean ordered, HandlerRunner runner) {
        super(Role.DISPATCH, world);
        this.world = world;
        this.ordered = ordered;
        this.runner = runner;
    }

    void belongTo(SimulatedLoop loop) {
        owner = loop;
    }

    @Override
    public void enqueue(CompletionEvent event) {
        events.add(event);
        world.ready(this);
    }

    @Override
    void run() {
        if (events.isEmpty()) {
            return;
        }
        CompletionEvent event = events.remove(ordered ? 0 : world.choices().below(events.size()));
        if (!events.isEmpty()) {
            world.ready(this);
        }
        world.on(owner, true, () -> event.dispatch(runner));
    }
}
