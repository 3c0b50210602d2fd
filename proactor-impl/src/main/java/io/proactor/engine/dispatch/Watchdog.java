package io.proactor.engine.dispatch;

import io.proactor.operation.HandlerRunner;
import io.proactor.spi.ProcessorContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Names handlers that keep their thread for too long. It has a thread of its own, which looks from
 * time to time whether each runner is still at the same turn, so that the threads that run handlers
 * read no clock.
 *
 * <p>Threads: any, except for {@link #terminate}.
 */
public final class Watchdog {

    /** Looks per threshold, so a handler is named at most a quarter of the threshold later. */
    private static final int LOOKS = 4;

    /** Between two looks, at least: a tiny threshold must not make this thread a busy one. */
    private static final long PERIOD_MIN_NANOS = 1_000_000;

    private final ProcessorContext context;
    private final long thresholdNanos;
    private final Map<HandlerRunner, Watched> watched = new ConcurrentHashMap<>();
    private final @Nullable Thread thread;  // null exactly when no handler is too slow

    // True from the call that ends the thread.
    private volatile boolean ending;

    /** Starts the watch, unless the threshold of the context is 0. */
    public Watchdog(ProcessorContext context) {
        this.context = context;
        thresholdNanos = context.slowHandlerNanos();
        if (thresholdNanos == 0) {
            thread = null;
        } else {
            thread = context.newThread("watchdog", this::run);
            thread.setDaemon(true);  // it has nothing to finish
            thread.start();
        }
    }

    /** Watches a runner, whose handlers run on {@code on}. Any thread. */
    public void watch(Thread on, HandlerRunner runner) {
        if (thread != null) {
            watched.put(runner, new Watched(on));
        }
    }

    /** Watches a runner no longer. Any thread. */
    public void unwatch(HandlerRunner runner) {
        if (thread != null) {
            watched.remove(runner);
        }
    }

    /**
     * Ends the watch, and waits for its thread.
     *
     * @return false if the time elapsed first; it may be called again
     * @throws InterruptedException if the caller was interrupted
     */
    public boolean terminate(long timeoutNanos) throws InterruptedException {
        if (thread == null) {
            return true;
        }
        ending = true;
        LockSupport.unpark(thread);
        TimeUnit.NANOSECONDS.timedJoin(thread, timeoutNanos);
        return !thread.isAlive();
    }

    // ---- Its thread ---------------------------------------------------------------------------

    private void run() {
        long periodNanos = Math.max(PERIOD_MIN_NANOS, thresholdNanos / LOOKS);
        while (!ending) {
            LockSupport.parkNanos(this, periodNanos);
            Thread.interrupted();  // parkNanos would not wait
            long nowNanos = System.nanoTime();
            watched.forEach((runner, each) -> look(runner, each, nowNanos));
        }
    }

    private void look(HandlerRunner runner, Watched each, long nowNanos) {
        long turn = runner.turn();
        if (turn != each.turn) {
            each.turn = turn;
            each.sinceNanos = nowNanos;
            return;
        }
        boolean running = (turn & 1) != 0;
        if (running && turn != each.turnTold && nowNanos - each.sinceNanos >= thresholdNanos) {
            each.turnTold = turn;
            tell(each.on, nowNanos - each.sinceNanos);
        }
    }

    private void tell(Thread on, long nanos) {
        try {
            context.listener().handlerSlow(on, nanos);
        } catch (Throwable thrown) {
            // A listener that throws must not cost the watch of the other handlers.
            context.listener().processorFailed(thrown);
        }
    }

    /** What is known of one runner. Owner: the watchdog's thread, once it is in the map. */
    private static final class Watched {
        private final Thread on;
        private long turn = -1;      // at the last look; no turn is negative
        private long turnTold = -1;  // of the last handler that was named
        private long sinceNanos;     // when the turn was first seen

        Watched(Thread on) {
            this.on = on;
        }
    }
}
