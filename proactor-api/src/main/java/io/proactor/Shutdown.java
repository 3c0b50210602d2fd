package io.proactor;

import io.proactor.operation.OperationCounters;
import io.proactor.operation.OperationCounters.Snapshot;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Ends a proactor, on a thread of its own so that a handler may ask for it: drains until nothing is
 * at work or the grace is over, aborts what is left, and waits for the last handler.
 */
final class Shutdown implements Runnable {

    /**
     * Between two looks at the counters. Only while a proactor ends, so a look need not be cheap.
     */
    private static final long LOOK_NANOS = 500_000;

    /**
     * For one wait for the processor's threads; then the next one, for as long as a handler runs.
     */
    private static final long TERMINATE_NANOS = 1_000_000_000L;

    private final AsynchronousOperationProcessor processor;
    private final ProcessorContext context;
    private final Runnable endPools;
    private final Consumer<Duration> onHeldUp;
    private final CompletableFuture<ShutdownReport> report;
    private final long startNanos;

    // Any thread may bring it forward. Guarded by this.
    private long deadlineNanos;

    /**
     * @param endPools closes the sockets that wait for a connection
     * @param onHeldUp is told once if the end does not come, with the time since the abort
     * @param report is completed when the last thread has ended
     */
    Shutdown(AsynchronousOperationProcessor processor, ProcessorContext context, Runnable endPools,
            Consumer<Duration> onHeldUp, Duration grace,
            CompletableFuture<ShutdownReport> report) {
        this.endPools = endPools;
        this.onHeldUp = onHeldUp;
        this.processor = processor;
        this.context = context;
        this.report = report;
        startNanos = context.nanoTime();
        deadlineNanos = startNanos + nanos(grace);
    }

    /** Brings the end of the grace forward, never back. Any thread. */
    synchronized void hasten(Duration grace) {
        long wanted = context.nanoTime() + nanos(grace);
        if (wanted - deadlineNanos < 0) {
            deadlineNanos = wanted;
        }
    }

    private synchronized boolean graceOver() {
        return context.nanoTime() - deadlineNanos >= 0;
    }

    @Override
    public void run() {
        try {
            Snapshot before = context.counters().snapshot();
            processor.drain();
            endPools.run();
            while (!graceOver() && !quiet()) {
                context.environment().parkNanos(this, LOOK_NANOS);
            }
            Snapshot after = context.counters().snapshot();
            context.refuse();
            endPools.run();  // a socket may have been given back meanwhile
            processor.abort();
            awaitThreads();
            report.complete(new ShutdownReport(after.ended() - before.ended(),
                    after.outstanding(), Duration.ofNanos(context.nanoTime() - startNanos)));
        } catch (Throwable thrown) {
            context.listener().processorFailed(thrown);
            report.completeExceptionally(thrown);
        }
    }

    private void awaitThreads() {
        long abortedNanos = context.nanoTime();
        boolean terminated = false;
        boolean told = false;
        while (!terminated) {
            try {
                terminated = processor.terminate(TERMINATE_NANOS);
                if (!terminated && !told) {
                    told = true;
                    onHeldUp.accept(Duration.ofNanos(context.nanoTime() - abortedNanos));
                }
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and stopping half way would leak.
                Thread.interrupted();
            }
        }
    }

    /**
     * True if nothing is outstanding, no handler runs that could initiate something, and none has
     * run since the first look.
     */
    private boolean quiet() {
        OperationCounters counters = context.counters();
        Snapshot first = counters.snapshot();
        return first.outstanding() == 0 && !processor.dispatching()
                && counters.snapshot().equals(first);
    }

    static long nanos(Duration grace) {
        // About 146 years is the longest difference that nanoTime can express.
        return grace.compareTo(Duration.ofNanos(Long.MAX_VALUE >> 1)) > 0
                ? Long.MAX_VALUE >> 1 : Math.max(0, grace.toNanos());
    }
}
