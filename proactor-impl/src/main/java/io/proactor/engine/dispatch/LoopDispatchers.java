package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The dispatchers of all loops of a processor, for events that belong to no connection: what a
 * loop's thread enqueues stays on that loop, everything else goes to the loops in turn.
 */
public final class LoopDispatchers implements RunningDispatcher {

    private final List<LoopDispatcher> loops;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param loops one for each loop, at least one
     */
    public LoopDispatchers(List<LoopDispatcher> loops) {
        this.loops = List.copyOf(loops);
        assert !this.loops.isEmpty();
    }

    @Override
    public String name() {
        return "loop";
    }

    @Override
    public void enqueue(CompletionEvent event) {
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).isCurrent()) {
                loops.get(i).enqueue(event);
                return;
            }
        }
        loops.get(Math.floorMod(turn.getAndIncrement(), loops.size())).enqueue(event);
    }

    /** There are no other threads. */
    @Override
    public void giveWay() {
        // Handlers run on the thread that would.
    }

    @Override
    public boolean dispatching() {
        for (LoopDispatcher loop : loops) {
            if ((loop.runner().turn() & 1) == 1) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean runsOnCurrentThread() {
        for (LoopDispatcher loop : loops) {
            if (loop.isCurrent()) {
                return true;
            }
        }
        return false;
    }

    /** A loop cannot be compensated for: its connections wait while {@code body} blocks. */
    @Override
    public <T> T blocking(Callable<T> body) throws Exception {
        return body.call();
    }

    /** The threads are the loops', which end by themselves. */
    @Override
    public boolean terminate(long timeoutNanos) {
        return true;
    }
}
