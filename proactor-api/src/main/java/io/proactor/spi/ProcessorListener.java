package io.proactor.spi;

import io.proactor.operation.HandlerFailures;

/** What a processor has to tell besides the completions. Calls may come from several threads. */
public interface ProcessorListener extends HandlerFailures {

    /**
     * A listener could not accept. It stays open and tries again.
     *
     * @param listener whose accept failed
     * @param failure what the system said
     * @param pauseNanos how long the listener now waits before it tries again; 0 for not at all
     */
    void acceptFailed(ListenHandle listener, Throwable failure, long pauseNanos);

    /**
     * A handler has kept a dispatcher thread for longer than the threshold. Called once for it.
     *
     * @param thread the thread that it runs on
     * @param nanos how long it has run at least
     */
    void handlerSlow(Thread thread, long nanos);

    /**
     * A thread of the processor met an error that it cannot go on with. All of its operations end
     * with a failure.
     */
    void processorFailed(Throwable failure);

    /**
     * The loop dispatcher has called the handlers of all that was due, at least one of them, and
     * the loop goes on to wait for more. On the loop's thread, where nothing is half done.
     */
    default void dispatched() {
        // Of use only to handlers that gather what they are told.
    }
}
