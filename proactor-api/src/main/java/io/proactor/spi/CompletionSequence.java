package io.proactor.spi;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Events that are dispatched one at a time and in the order in which they were added, whichever
 * threads add and dispatch them: what a strand is made of, and each connection where dispatcher
 * threads are shared.
 *
 * <p>It waits on the completion event queue as one event, which stands for all that are in it.
 */
public final class CompletionSequence extends CompletionEvent {

    /**
     * Handlers per turn. Then the sequence goes to the back of the completion event queue, so that
     * a busy one does not keep others waiting. 64 makes the cost of the queue a sixty-fourth.
     */
    private static final int TURN_HANDLERS_MAX = 64;

    /** Stands in {@link #inbox} for "held, and nothing waits". Never dispatched. */
    private static final CompletionEvent HELD = new CompletionEvent() {
        @Override
        public void dispatch(HandlerRunner runner) {
            throw new AssertionError("the mark of a held sequence is no event");
        }
    };

    private static final VarHandle INBOX;

    static {
        try {
            INBOX = MethodHandles.lookup()
                    .findVarHandle(CompletionSequence.class, "inbox", CompletionEvent.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /*
     * null       nobody holds the sequence, and nothing is in it
     * HELD       somebody will run it or runs it, and nothing new waits
     * an event   held; this and those behind it are new, the latest first
     *
     * One word says both "held" and "empty", so there is no moment between the two at which an
     * event could be added and forgotten. Any thread: CAS; the holder: get-and-set, and CAS to let
     * go.
     */
    private volatile @Nullable CompletionEvent inbox;

    // Events taken from the inbox, the oldest first. Owner: the holder; handed on by the inbox or
    // by the dispatcher's queue.
    private @Nullable CompletionEvent ready;

    // The thread that dispatches the sequence now. Written by the holder; others only compare it
    // with themselves.
    private volatile @Nullable Thread runningOn;

    private final CompletionDispatcher dispatcher;

    /** Makes an empty sequence that is dispatched by {@code dispatcher}. */
    public CompletionSequence(CompletionDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Adds an event at the end. Any thread. */
    public void enqueue(CompletionEvent event) {
        if (offer(event)) {
            dispatcher.enqueue(this);
        }
    }

    /** Any thread. True if the caller is inside a handler of this sequence. */
    public boolean runsOnCurrentThread() {
        return runningOn == Thread.currentThread();
    }

    /** Any thread. True exactly when the caller must hand the sequence to a dispatcher. */
    boolean offer(CompletionEvent event) {
        while (true) {
            CompletionEvent first = inbox;
            event.next(first == HELD ? null : first);
            if (INBOX.compareAndSet(this, first, event)) {
                return first == null;
            }
        }
    }

    /** The holder. Dispatches a turn's worth, then lets go or queues the sequence once more. */
    @Override
    public void dispatch(HandlerRunner runner) {
        runningOn = Thread.currentThread();
        for (int count = 0; count < TURN_HANDLERS_MAX; count++) {
            CompletionEvent event = take();
            if (event == null) {
                runningOn = null;
                if (release()) {
                    return;
                }
                runningOn = Thread.currentThread();
                event = take();
                assert event != null : "only an added event keeps a sequence from being released";
            }
            dispatch(event, runner);
        }
        runningOn = null;
        dispatcher.enqueue(this);
    }

    private void dispatch(CompletionEvent event, HandlerRunner runner) {
        boolean returned = false;
        try {
            event.dispatch(runner);
            returned = true;
        } finally {
            if (!returned) {
                // Not a handler's doing, for those end in the runner: a bug of ours. The others in
                // this sequence must not wait for ever.
                runningOn = null;
                dispatcher.enqueue(this);
            }
        }
    }

    /** The holder. Returns the oldest event, or null if there is none at this moment. */
    private @Nullable CompletionEvent take() {
        if (ready == null) {
            ready = reverse((CompletionEvent) INBOX.getAndSet(this, HELD));
        }
        CompletionEvent event = ready;
        if (event != null) {
            ready = event.next();
            event.next(null);
        }
        return event;
    }

    /** The holder. False if an event came in between, so that the sequence is still held. */
    private boolean release() {
        return INBOX.compareAndSet(this, HELD, null);
    }

    private static @Nullable CompletionEvent reverse(CompletionEvent latest) {
        CompletionEvent reversed = null;
        CompletionEvent event = latest == HELD ? null : latest;
        while (event != null) {
            CompletionEvent older = event.next();
            event.next(reversed);
            reversed = event;
            event = older;
        }
        return reversed;
    }
}
