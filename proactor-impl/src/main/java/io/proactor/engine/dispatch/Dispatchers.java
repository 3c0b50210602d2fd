package io.proactor.engine.dispatch;

import io.proactor.spi.DispatcherChoice;
import io.proactor.spi.ProcessorContext;

/** Makes the dispatchers that any processor can have. */
public final class Dispatchers {

    private Dispatchers() {}

    /**
     * Makes and starts a dispatcher.
     *
     * @param watchdog is told of its threads; it is the caller's to end, after the dispatcher
     * @throws IllegalArgumentException for the loop dispatcher, which a processor brings itself
     */
    public static RunningDispatcher open(DispatcherChoice choice, ProcessorContext context,
            Watchdog watchdog) {
        if (choice instanceof DispatcherChoice.Pooled pooled) {
            return new PooledDispatcher(context, pooled.concurrency(), watchdog);
        }
        if (choice instanceof DispatcherChoice.OnExecutor onExecutor) {
            return new ExecutorDispatcher(context, onExecutor.executor(), watchdog);
        }
        throw new IllegalArgumentException("This processor does not offer the loop dispatcher.");
    }
}
