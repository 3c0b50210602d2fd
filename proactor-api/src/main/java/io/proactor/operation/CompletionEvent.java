package io.proactor.operation;

import org.jspecify.annotations.Nullable;

/**
 * What waits on a completion event queue: a completed operation, or a sequence of them that must
 * not overlap. The event is its own queue node; nothing is wrapped on the way.
 */
public abstract class CompletionEvent {

    // The link of the one queue this event waits in. Owner: whoever holds the event at the moment;
    // it is published with the event by that queue.
    private @Nullable CompletionEvent next;

    /** For events of this library and of processors. */
    protected CompletionEvent() {}

    /** Returns the event behind this one in the queue that holds both, or null. */
    public final @Nullable CompletionEvent next() {
        return next;
    }

    /** Sets the event behind this one. Only for the queue that holds it. */
    public final void next(@Nullable CompletionEvent event) {
        next = event;
    }

    /**
     * Calls the handler or handlers that this event stands for.
     *
     * <p>Threads: a dispatcher thread, never a thread that is inside an initiating call.
     *
     * @param runner the caller's own; one per dispatcher thread
     */
    public abstract void dispatch(HandlerRunner runner);
}
