package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ProcessorListener;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The completion event queue of one loop, drained on the loop's own thread: a completion costs no
 * hand-off, and what its handler initiates is performed by the thread that initiated it.
 *
 * <p>Events come from the loop itself, and rarely, for posts and strands, from other threads.
 */
public final class LoopDispatcher implements CompletionDispatcher {

    /**
     * How often a drain starts again with what the last one brought about. A chain of operations
     * that complete at once gets as many steps before the loop looks at its other connections.
     */
    private static final int SWEEPS_MAX = 16;

    private static final VarHandle INBOX;

    static {
        try {
            INBOX = MethodHandles.lookup()
                    .findVarHandle(LoopDispatcher.class, "inbox", CompletionEvent.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final HandlerRunner runner;
    private final ProcessorListener listener;
    private final Runnable wakeUp;

    // Set before the loop starts.
    private @Nullable Thread thread;

    // Events of other threads, the latest first. Any thread: CAS; the loop takes all.
    private volatile @Nullable CompletionEvent inbox;

    // The queue. The loop's thread.
    private @Nullable CompletionEvent head;
    private @Nullable CompletionEvent tail;

    // True exactly while handlers were called that the listener has not been told of. The loop's.
    private boolean undeclared;

    // What is left of the sweep that is under way. The loop's thread.
    private @Nullable CompletionEvent sweep;

    // What the clock said when a handler of the sweep first asked for it. The loop's thread.
    private boolean sweeping;   // true exactly while handlers of a sweep are called
    private boolean clockRead;  // true exactly while the sweep has its reading
    private long sweepNanos;

    /**
     * @param runner the loop's own
     * @param listener is told of failures of ours
     * @param wakeUp tells the loop of events of other threads; any thread
     */
    public LoopDispatcher(HandlerRunner runner, ProcessorListener listener, Runnable wakeUp) {
        this.runner = runner;
        this.listener = listener;
        this.wakeUp = wakeUp;
    }

    /** Before the loop starts. */
    public void belongTo(Thread thread) {
        this.thread = thread;
    }

    /** Any thread. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Any thread. Returns what calls the handlers, for the watchdog. */
    public HandlerRunner runner() {
        return runner;
    }

    @Override
    public void enqueue(CompletionEvent event) {
        if (isCurrent()) {
            append(event);
            return;
        }
        CompletionEvent latest;
        do {
            latest = inbox;
            event.next(latest);
        } while (!INBOX.compareAndSet(this, latest, event));
        wakeUp.run();
    }

    @Override
    public long recentNanos() {
        if (!isCurrent() || !sweeping) {
            return System.nanoTime();
        }
        if (!clockRead) {
            clockRead = true;
            sweepNanos = System.nanoTime();
        }
        return sweepNanos;
    }

    /** The loop. True if there is something to dispatch. */
    public boolean hasEvents() {
        return head != null || inbox != null || sweep != null;
    }

    /**
     * The loop, outside of everything else. Dispatches what is queued, and what that brings about,
     * for a bounded number of sweeps.
     *
     * @return true if something is left
     */
    public boolean drain() {
        assert isCurrent();
        for (int count = 0; count < SWEEPS_MAX; count++) {
            if (sweep == null) {
                takeInbox();
                sweep = head;
                head = null;
                tail = null;
            }
            if (sweep == null) {
                return false;
            }
            sweeping = true;
            clockRead = false;
            try {
                dispatchSweep();
            } finally {
                sweeping = false;
            }
        }
        return hasEvents();
    }

    private void dispatchSweep() {
        while (sweep != null) {
            CompletionEvent event = sweep;
            undeclared = true;
            sweep = event.next();
            event.next(null);
            dispatch(event);
        }
    }

    /** The loop, before it waits for more, and at its end: tells the listener if it has to know. */
    public void batchEnds() {
        if (undeclared) {
            undeclared = false;
            listener.dispatched();
        }
    }

    private void dispatch(CompletionEvent event) {
        try {
            event.dispatch(runner);
        } catch (Throwable thrown) {
            // Not a handler's, for those end in the runner: a bug of ours. It costs one event.
            runner.recover();
            listener.processorFailed(thrown);
        }
        Thread.interrupted();  // a handler's interrupt must not reach the next handler
    }

    private void append(CompletionEvent event) {
        event.next(null);
        if (tail == null) {
            head = event;
        } else {
            tail.next(event);
        }
        tail = event;
    }

    private void takeInbox() {
        if (inbox == null) {
            return;
        }
        CompletionEvent event = (CompletionEvent) INBOX.getAndSet(this, null);
        CompletionEvent oldest = null;
        while (event != null) {
            CompletionEvent earlier = event.next();
            event.next(oldest);
            oldest = event;
            event = earlier;
        }
        while (oldest != null) {
            CompletionEvent later = oldest.next();
            append(oldest);
            oldest = later;
        }
    }
}
