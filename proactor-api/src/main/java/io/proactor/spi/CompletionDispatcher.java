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

    /**
     * Returns a reading of {@link System#nanoTime}, to tell the age of what is pending. A reading
     * costs some 25 ns, so inside of a handler it may be the one that an earlier handler has taken,
     * as long as both were called without a look at anything else in between.
     *
     * <p>Threads: any.
     */
    default long recentNanos() {
        return System.nanoTime();
    }
}
