package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.ProcessorContext;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls handlers on an executor of the application's, one task for each event: virtual threads for
 * instance. Its tasks wait in the executor's own queue; there is none here.
 *
 * <p>An executor can refuse a task, or run it at once on the thread that submits it. Neither may
 * cost a completion, nor run a handler inside the call that initiated its operation; so these
 * events go to a {@link FallbackThread}. A task that an executor drops without a word is lost, and
 * {@link #terminate} waits for it in vain: such an executor must not be used.
 */
public final class ExecutorDispatcher implements RunningDispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorDispatcher.class);

    private final ProcessorContext context;
    private final Executor executor;
    private final Watchdog watchdog;
    private final FallbackThread fallback;

    // Events that were queued and whose dispatch has not returned. Any thread.
    private final AtomicInteger events = new AtomicInteger();

    // The runner of the innermost handler on the caller's stack, or null. A thread of the executor
    // is not ours, so it is left without a trace when its task is over.
    private final ThreadLocal<@Nullable HandlerRunner> current = new ThreadLocal<>();

    // True from the first event that the executor refused, or ran at once. Any thread.
    private final AtomicBoolean fallbackLogged = new AtomicBoolean();

    // True from the first attempt to end: somebody may wait for the last event. Any thread.
    private volatile boolean ending;

    /**
     * Starts no thread.
     *
     * @param watchdog is told of each handler; it is the caller's to end, after this
     */
    public ExecutorDispatcher(ProcessorContext context, Executor executor, Watchdog watchdog) {
        this.context = context;
        this.executor = executor;
        this.watchdog = watchdog;
        fallback = new FallbackThread(context, this);
    }

    @Override
    public String name() {
        return "executor";
    }

    @Override
    public void enqueue(CompletionEvent event) {
        events.incrementAndGet();
        ExecutorTask task = new ExecutorTask(this, event);
        try {
            executor.execute(task);
        } catch (Throwable refusal) {
            // Errors too: an executor that makes threads throws OutOfMemoryError when it cannot.
            if (task.take()) {
                logFallback("refuses completions", refusal);
                fallback.add(event);
            }
        } finally {
            task.submitted();
        }
    }

    @Override
    public boolean dispatching() {
        // More than asked: an event that waits counts too. It is about to run, so nothing is quiet.
        return events.get() > 0;
    }

    @Override
    public boolean runsOnCurrentThread() {
        return current.get() != null;
    }

    @Override
    public <T> T blocking(Callable<T> body) throws Exception {
        return body.call();  // how many handlers run at a time is the executor's affair
    }

    @Override
    public boolean terminate(long timeoutNanos) throws InterruptedException {
        assert !runsOnCurrentThread() : "a handler cannot wait for itself";
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        fallback.start();
        synchronized (this) {
            ending = true;
            while (events.get() > 0) {
                long leftNanos = deadlineNanos - System.nanoTime();
                if (leftNanos <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            }
        }
        return fallback.terminate(deadlineNanos - System.nanoTime());
    }

    // ---- Its tasks and its fallback -----------------------------------------------------------

    /** The executor runs a task inside its execute(). */
    void onInline(CompletionEvent event) {
        logFallback("runs tasks on the thread that submits them", null);
        fallback.add(event);
    }

    /** A thread of the executor, or the fallback's. */
    void dispatch(CompletionEvent event) {
        HandlerRunner outer = current.get();  // an executor may run a task while another one waits
        HandlerRunner runner = new HandlerRunner(context.listener());
        current.set(runner);
        watchdog.watch(Thread.currentThread(), runner);
        try {
            event.dispatch(runner);
        } catch (Throwable thrown) {
            // Not a handler's, for those end in the runner: a bug of ours. It costs one event.
            context.listener().processorFailed(thrown);
        } finally {
            watchdog.unwatch(runner);
            if (outer == null) {
                current.remove();
            } else {
                current.set(outer);
            }
            ended();
        }
    }

    // ---- Private ------------------------------------------------------------------------------

    private void ended() {
        int left = events.decrementAndGet();
        assert left >= 0;
        if (left == 0 && ending) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private void logFallback(String what, @Nullable Throwable refusal) {
        if (fallbackLogged.compareAndSet(false, true)) {
            LOG.warn("The executor {} {}; they run on a thread of the library instead.", executor,
                    what, refusal);
        }
    }
}
