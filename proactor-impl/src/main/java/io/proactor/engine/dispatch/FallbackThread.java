package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.ProcessorContext;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs the events that an executor did not take, one after the other, on one thread that is made
 * when the first of them comes. Slow, but nothing is lost while the executor is in trouble.
 *
 * <p>Bound: that of the completion event queue, each event at most once.
 */
final class FallbackThread implements Runnable {

    /** Queued behind the last event. */
    private static final CompletionEvent END = new CompletionEvent() {
        @Override
        public void dispatch(HandlerRunner runner) {
            throw new AssertionError("the end is no event");
        }
    };

    private final ProcessorContext context;
    private final ExecutorDispatcher dispatcher;
    private final BlockingQueue<CompletionEvent> events = new LinkedBlockingQueue<>();

    // True exactly when there is a thread, or somebody makes it. Any thread: CAS.
    private final AtomicBoolean started = new AtomicBoolean();

    // Written by whoever makes it, before its first event is dispatched, so that whoever knows that
    // all events were dispatched finds it here.
    private volatile @Nullable Thread thread;

    FallbackThread(ProcessorContext context, ExecutorDispatcher dispatcher) {
        this.context = context;
        this.dispatcher = dispatcher;
    }

    /** Any thread. Never runs the event itself. */
    void add(CompletionEvent event) {
        events.add(event);
        start();
    }

    /** Any thread. Makes the thread if it is needed and missing; failing that, a later call. */
    void start() {
        if (events.isEmpty() || !started.compareAndSet(false, true)) {
            return;
        }
        try {
            Thread made = context.newThread("fallback", this);
            thread = made;
            made.start();
        } catch (Throwable thrown) {
            thread = null;
            started.set(false);
            context.listener().processorFailed(thrown);
        }
    }

    /** Has the thread end when it has run what is queued. Whoever knows that no more comes. */
    void end() {
        if (thread != null) {
            events.add(END);
        }
    }

    /** Ends the thread as {@link #end} does; false if the time elapsed first. */
    boolean terminate(long timeoutNanos) throws InterruptedException {
        Thread running = thread;
        if (running == null) {
            return true;
        }
        end();
        TimeUnit.NANOSECONDS.timedJoin(running, timeoutNanos);
        return !running.isAlive();
    }

    @Override
    public void run() {
        while (true) {
            try {
                CompletionEvent event = events.take();
                if (event == END) {
                    return;
                }
                dispatcher.dispatch(event);
                Thread.interrupted();  // a handler's interrupt must not reach the next handler
            } catch (InterruptedException e) {
                // It was meant for a handler that is over, and take() has cleared it.
            }
        }
    }
}
