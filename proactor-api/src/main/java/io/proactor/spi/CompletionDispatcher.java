package io.proactor.spi;

import io.proactor.operation.CompletionEvent;

/** Takes completions from the completion event queue and calls their handlers. */
public interface CompletionDispatcher {

    /**
     * Queues an event. It is dispatched exactly once, never inside this call.
     *
     * <p>Threads: any.
     */
    void enqueue(CompletionEvent event);
}
