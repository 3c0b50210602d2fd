package io.proactor;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a proactor has begun to end, and those who wait for it. Any thread.
 */
final class Termination {

    private final AsynchronousOperationProcessor processor;
    private final ProcessorContext context;
    private final Runnable endPools;
    private final Consumer<Duration> onHeldUp;

    private final CompletableFuture<ShutdownReport> ended = new CompletableFuture<>();

    // Those who are in await. Any thread.
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

    private @Nullable Shutdown shutdown;  // guarded by this

    Termination(AsynchronousOperationProcessor processor, ProcessorContext context,
            Runnable endPools, Consumer<Duration> onHeldUp) {
        this.processor = processor;
        this.context = context;
        this.endPools = endPools;
        this.onHeldUp = onHeldUp;
        ended.whenComplete((report, failure) -> wake());
    }

    /**
     * Throws if the end has begun.
     *
     * @throws RejectedExecutionException if so
     */
    synchronized void requireRunning() {
        if (shutdown != null) {
            throw refused();
        }
    }

    static RejectedExecutionException refused() {
        return new RejectedExecutionException("The proactor has been shut down.");
    }

    /** Begins to end, or brings the end of the grace forward. */
    CompletionStage<ShutdownReport> begin(Duration grace) {
        Shutdown begun = begun();
        if (begun == null) {
            // The application's thread factory is not called under our lock. If two callers come at
            // the same time, one of the threads is never started.
            Shutdown mine = new Shutdown(processor, context, endPools, onHeldUp, grace, ended);
            begun = begin(mine, context.newThread("shutdown", mine));
        }
        begun.hasten(grace);
        return ended.minimalCompletionStage();
    }

    private synchronized @Nullable Shutdown begun() {
        return shutdown;
    }

    private synchronized Shutdown begin(Shutdown mine, Thread thread) {
        if (shutdown == null) {
            context.environment().start(thread);  // if that throws, a later call may try again
            shutdown = mine;
        }
        return shutdown;
    }

    /** Waits until the last thread has ended; false if the time elapsed first. */
    boolean await(Duration timeout) throws InterruptedException {
        long deadlineNanos = context.nanoTime() + Shutdown.nanos(timeout);
        Thread current = Thread.currentThread();
        // First: an end that comes from here on finds this thread.
        waiting.add(current);
        try {
            while (!ended.isDone()) {
                long left = deadlineNanos - context.nanoTime();
                if (left <= 0) {
                    return false;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                context.environment().parkNanos(this, left);
            }
            ended.join();
            return true;
        } catch (CompletionException e) {
            throw new IllegalStateException("The shutdown failed.", e.getCause());
        } finally {
            waiting.remove(current);
        }
    }

    private void wake() {
        waiting.forEach(LockSupport::unpark);
    }
}
