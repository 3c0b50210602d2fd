package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.ProcessorContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread of a pooled dispatcher: takes events and calls their handlers while it may run. */
final class DispatcherThread implements Runnable {

    private final PooledDispatcher dispatcher;
    private final CompletionEventQueue queue;
    private final Permits permits;
    private final Watchdog watchdog;
    private final ProcessorContext context;
    private final Search search;
    private final Thread thread;
    private final HandlerRunner runner;

    // True exactly while this thread has a permit that it does not know of. Set under the lock of
    // the permits, cleared by this thread.
    volatile boolean granted;

    // The thread that had parked before this one. Guarded by the permits.
    @Nullable DispatcherThread below;

    // True exactly while a handler on this thread runs something that blocks. Owner: this thread.
    boolean blocking;

    DispatcherThread(PooledDispatcher dispatcher, CompletionEventQueue queue, Permits permits,
            Watchdog watchdog, ProcessorContext context, Search search) {
        this.dispatcher = dispatcher;
        this.queue = queue;
        this.permits = permits;
        this.watchdog = watchdog;
        this.context = context;
        this.search = search;
        runner = new HandlerRunner(context.listener());
        thread = context.newThread("dispatcher", this);
    }

    void start() {
        thread.start();
    }

    /** Any thread. To be called after a permit was granted, or after the end. */
    void unpark() {
        LockSupport.unpark(thread);
    }

    /** Any thread. True while a handler runs or is about to. */
    boolean dispatching() {
        return (runner.turn() & 1) != 0;
    }

    /** Any thread. Waits for the end of this one; false if the time elapsed first. */
    boolean join(long timeoutNanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, timeoutNanos);
        return !thread.isAlive();
    }

    @Override
    public void run() {
        dispatcher.entered(this);
        watchdog.watch(thread, runner);
        try {
            while (awaitPermit()) {
                serve();
            }
        } finally {
            watchdog.unwatch(runner);
        }
    }

    /** Parks until there is a permit; false if there will be none any more. */
    private boolean awaitPermit() {
        while (!granted) {
            if (permits.ended()) {
                return false;
            }
            LockSupport.park(dispatcher);
            // Whoever interrupts this thread means a handler that is over; park would not wait.
            Thread.interrupted();
        }
        granted = false;
        return true;
    }

    /** Runs handlers until there are none, or until there are too many threads that do. */
    private void serve() {
        boolean searching = true;  // a permit is granted to one that searches
        while (true) {
            CompletionEvent event = queue.poll();
            if (event == null) {
                searching = searching || permits.search();
                event = searching ? search.in(queue) : null;
            }
            if (event == null) {
                permits.park(this, searching);
                dispatcher.lookAgain();
                return;
            }
            if (searching) {
                searching = false;
                permits.found();
                dispatcher.lookAgain();
            }
            dispatch(event);
            if (permits.excess() && permits.parkExcess(this)) {
                return;
            }
        }
    }

    private void dispatch(CompletionEvent event) {
        try {
            event.dispatch(runner);
        } catch (Throwable thrown) {
            // Not a handler's, for those end in the runner: a bug of ours. It costs one event, and
            // the thread goes on for the others.
            runner.recover();
            context.listener().processorFailed(thrown);
        }
        Thread.interrupted();  // a handler's interrupt must not reach the next handler
    }
}
