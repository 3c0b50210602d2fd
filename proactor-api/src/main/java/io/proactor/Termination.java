package io.proactor;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    private @Nullable Shutdown shutdown;  // guarded by this

    Termination(AsynchronousOperationProcessor processor, ProcessorContext context,
            Runnable endPools, Consumer<Duration> onHeldUp) {
        this.processor = processor;
        this.context = context;
        this.endPools = endPools;
        this.onHeldUp = onHeldUp;
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
            Shutdown mine = new Shutdown(processor, context, endPools, onHeldUp,
                    grace);
            begun = begin(mine, context.newThread("shutdown", mine));
        }
        begun.hasten(grace);
        return begun.report().minimalCompletionStage();
    }

    private synchronized @Nullable Shutdown begun() {
        return shutdown;
    }

    private synchronized Shutdown begin(Shutdown mine, Thread thread) {
        if (shutdown == null) {
            thread.start();  // if that throws, a later call may try again
            shutdown = mine;
            notifyAll();  // await
        }
        return shutdown;
    }

    /** Waits until the last thread has ended; false if the time elapsed first. */
    boolean await(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + Shutdown.nanos(timeout);
        Shutdown running;
        synchronized (this) {
            while (shutdown == null) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            running = shutdown;
        }
        try {
            running.report().get(Math.max(0, deadlineNanos - System.nanoTime()),
                    TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The shutdown failed.", e.getCause());
        }
    }
}
