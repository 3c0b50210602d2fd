package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.ProcessorContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls handlers on an executor of the application's: virtual threads for instance. Events wait in
 * a queue, and tasks of the executor, the runs, take them from there: one hand-over for all that
 * are ready, where a task for each would wake a thread for each.
 *
 * <p>A handler may block for as long as it likes, so no event may wait behind one while the
 * executor has a thread for it: a run that takes an event, and sees that it was not the last, first
 * asks for one more run, if nobody is about to look at the queue. So with short handlers few runs
 * do it all; with handlers that block, each brings the next thread. No event is forgotten, for the
 * reason that {@link PooledDispatcher} gives: who adds one looks at {@link #looking} afterwards,
 * and who changes that looks at the queue afterwards.
 *
 * <p>An executor can refuse a task, or run it at once on the thread that submits it. Neither may
 * cost a completion, nor run a handler inside the call that initiated its operation; so these
 * events go to a {@link FallbackThread}. It can also drop a task without a word, as it does when it
 * is shut down at once; so a run that does not begin is asked for again.
 */
public final class ExecutorDispatcher implements RunningDispatcher {

    /** Runs that may be taken for lost, one after the other, before one begins: more are no use. */
    private static final int LOST_MAX = 16;

    /*
     * Whether somebody is about to look at the queue.
     *
     *   NOBODY --an event comes--> ASKED --a run begins--> SEARCHING --it finds one, or goes-->
     *                                                          |                        NOBODY
     *   NOBODY ----------a run sees an empty queue-------------+
     */
    private static final int NOBODY = 0;
    private static final int ASKED = 1;
    private static final int SEARCHING = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorDispatcher.class);

    private static final VarHandle LOOKING;

    static {
        try {
            LOOKING = MethodHandles.lookup()
                    .findVarHandle(ExecutorDispatcher.class, "looking", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ProcessorContext context;
    private final Executor executor;
    private final Watchdog watchdog;
    private final FallbackThread fallback;
    private final CompletionEventQueue queue;
    private final Search search;
    private final RunBounds bounds;

    // Any thread: CAS; the one that searches alone ends SEARCHING.
    private volatile int looking = NOBODY;

    // When a run was last asked for, and how many in a row did not begin. Only guesses. Any thread.
    private volatile long askedNanos;
    private final AtomicInteger lost = new AtomicInteger();

    // Events that were queued and whose dispatch has not returned. Any thread.
    private final AtomicInteger events = new AtomicInteger();

    // The runner of the innermost run on the caller's stack, or null. A thread of the executor is
    // not ours, so it is left without a trace when its task is over.
    private final ThreadLocal<@Nullable HandlerRunner> current = new ThreadLocal<>();

    // Tasks that the executor was given. Any thread.
    private final AtomicInteger runs = new AtomicInteger();

    // True from the first event that the executor refused, or ran at once. Any thread.
    private final AtomicBoolean fallbackLogged = new AtomicBoolean();

    // True from the first attempt to end: somebody may wait for the last event. Any thread.
    private volatile boolean ending;

    /**
     * Starts no thread.
     *
     * @param watchdog is told of each run; it is the caller's to end, after this
     */
    public ExecutorDispatcher(ProcessorContext context, Executor executor, Watchdog watchdog) {
        this(context, executor, watchdog, new CompletionEventQueue(), Search.USUAL,
                RunBounds.USUAL);
    }

    /** For tests. */
    ExecutorDispatcher(ProcessorContext context, Executor executor, Watchdog watchdog,
            CompletionEventQueue queue, Search search, RunBounds bounds) {
        this.context = context;
        this.executor = executor;
        this.watchdog = watchdog;
        this.queue = queue;
        this.search = search;
        this.bounds = bounds;
        fallback = new FallbackThread(context, this);
    }

    @Override
    public String name() {
        return "executor";
    }

    @Override
    public void enqueue(CompletionEvent event) {
        events.incrementAndGet();
        queue.add(event);
        VarHandle.fullFence();
        askIfNobodyLooks();
    }

    @Override
    public void giveWay() {
        queue.giveWay();
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
        ending = true;
        while (events.get() > 0) {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return false;
            }
            synchronized (this) {
                if (events.get() > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, Math.min(leftNanos, bounds.lostNanos()));
                }
            }
            if (!queue.isEmpty()) {
                askIfNobodyLooks();
            }
        }
        return fallback.terminate(deadlineNanos - System.nanoTime());
    }

    /** For tests, in which the warning would be most of what happens: it counts as given. */
    void warnOfNothing() {
        fallbackLogged.set(true);
    }

    /** For tests, whose last handler may call it: the fallback's thread ends after that. */
    void end() {
        fallback.end();
    }

    /** Returns the number of tasks that the executor was given. Any thread. */
    int runs() {
        return runs.get();
    }

    // ---- Its runs and its fallback ------------------------------------------------------------

    /** The executor runs a task inside its execute(). */
    void onInline() {
        fallBack();
        logFallback("runs tasks on the thread that submits them", null);
    }

    /** A thread of the executor. Calls handlers until no event waits, or it is others' turn. */
    void onRun() {
        HandlerRunner outer = current.get();  // an executor may run a task while another one waits
        HandlerRunner runner = enter();
        try {
            serve(runner);
        } finally {
            leave(runner, outer);
        }
    }

    /** The fallback's thread. */
    void dispatch(CompletionEvent event) {
        HandlerRunner runner = enter();
        try {
            dispatch(event, runner);
        } finally {
            leave(runner, null);
        }
    }

    private HandlerRunner enter() {
        HandlerRunner runner = new HandlerRunner(context.listener());
        current.set(runner);
        watchdog.watch(Thread.currentThread(), runner);
        return runner;
    }

    private void leave(HandlerRunner runner, @Nullable HandlerRunner outer) {
        watchdog.unwatch(runner);
        if (outer == null) {
            current.remove();
        } else {
            current.set(outer);
        }
    }

    private void serve(HandlerRunner runner) {
        lost.set(0);
        // Else the run was taken for lost, and another one is here for it.
        boolean searching = LOOKING.compareAndSet(this, ASKED, SEARCHING);
        int handlers = 0;
        while (handlers < bounds.handlersMax()) {
            CompletionEvent event = queue.poll();
            if (event == null) {
                searching = searching || LOOKING.compareAndSet(this, NOBODY, SEARCHING);
                event = searching ? search.in(queue) : null;
            }
            if (searching) {
                searching = false;
                looking = NOBODY;
                VarHandle.fullFence();
                if (!queue.isEmpty()) {
                    askIfNobodyLooks();
                }
            }
            if (event == null) {
                return;
            }
            if (handlers > 0) {
                Thread.interrupted();  // it meant the handler before
            }
            dispatch(event, runner);
            handlers++;
        }
        // A run that sees to what is left was asked for before; but it may have been dropped.
        if (!queue.isEmpty()) {
            askIfNobodyLooks();
        }
    }

    private void dispatch(CompletionEvent event, HandlerRunner runner) {
        try {
            event.dispatch(runner);
        } catch (Throwable thrown) {
            // Not a handler's, for those end in the runner: a bug of ours. It costs one event.
            runner.recover();
            context.listener().processorFailed(thrown);
        } finally {
            ended();
        }
    }

    // ---- Private ------------------------------------------------------------------------------

    /** Whoever has added an event, or has seen one and no longer looks. */
    private void askIfNobodyLooks() {
        int now = looking;
        if (now == NOBODY && LOOKING.compareAndSet(this, NOBODY, ASKED)
                || now == ASKED && seemsLost()) {
            ask();
        }
    }

    private boolean seemsLost() {
        boolean seems = lost.get() < LOST_MAX
                && System.nanoTime() - askedNanos > bounds.lostNanos();
        if (seems) {
            lost.incrementAndGet();
        }
        return seems;
    }

    private void ask() {
        askedNanos = System.nanoTime();
        runs.incrementAndGet();
        ExecutorRun run = new ExecutorRun(this);
        try {
            executor.execute(run);
        } catch (Throwable refusal) {
            // Errors too: an executor that makes threads throws OutOfMemoryError when it cannot.
            if (run.take()) {
                fallBack();
                logFallback("refuses completions", refusal);
            }
        } finally {
            run.submitted();
        }
    }

    /** There will be no run: what waits is the fallback's. Who adds more asks once more. */
    private void fallBack() {
        LOOKING.compareAndSet(this, ASKED, NOBODY);
        CompletionEvent event = queue.poll();
        while (event != null) {
            fallback.add(event);
            event = queue.poll();
        }
    }

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
        if (!fallbackLogged.compareAndSet(false, true)) {
            return;
        }
        try {
            LOG.warn("The executor {} {}; they run on a thread of the library instead.", executor,
                    what, refusal);
        } catch (Throwable thrown) {
            // Where memory is short, this may be what throws. The caller may be a run that has an
            // event in its hand, or a loop.
            context.listener().processorFailed(thrown);
        }
    }
}
