package io.proactor.benchmarks.compare;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends processes that keep us waiting for too long. */
final class Patience implements AutoCloseable {

    private final ScheduledExecutorService timers;

    Patience() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, body -> {
            Thread thread = new Thread(body, "patience");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        timers = executor;
    }

    /** Ends {@code process} after {@code seconds}, unless it is cancelled before. */
    Future<?> limit(Process process, long seconds) {
        return timers.schedule(process::destroyForcibly, seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
