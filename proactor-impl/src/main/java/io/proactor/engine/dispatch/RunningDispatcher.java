package io.proactor.engine.dispatch;

import io.proactor.spi.CompletionDispatcher;
import java.util.concurrent.Callable;

/** A completion dispatcher with threads, as the processor that owns it sees it. */
public interface RunningDispatcher extends CompletionDispatcher {

    /** Returns its word for the log: loop, pooled or executor. */
    String name();

    /**
     * A thread that has added completions, and goes to wait for what leads to more of them. Where
     * there is one core, handlers that it has interrupted go on first.
     */
    void giveWay();

    /** Any thread. True if a handler runs, or is about to because its operation was retired. */
    boolean dispatching();

    /** Any thread. True if the caller is inside a handler that this dispatcher called. */
    boolean runsOnCurrentThread();

    /**
     * Runs something that may block. Called inside a handler, it lets another handler run
     * meanwhile, where the dispatcher can.
     *
     * @throws Exception what {@code body} throws
     */
    <T> T blocking(Callable<T> body) throws Exception;

    /**
     * Waits until each handler has returned, then ends the threads. To be called when no operation
     * is outstanding and none can be initiated any more, by a thread that runs no handler.
     *
     * @return false if the time elapsed first; it may be called again
     * @throws InterruptedException if the caller was interrupted
     */
    boolean terminate(long timeoutNanos) throws InterruptedException;
}
