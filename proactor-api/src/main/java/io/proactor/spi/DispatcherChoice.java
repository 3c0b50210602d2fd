package io.proactor.spi;

import java.util.Objects;
import java.util.concurrent.Executor;

/** Which completion dispatcher an application wants. A value; the processor makes the thing. */
public sealed interface DispatcherChoice {

    /** Handlers run on the loop thread that completed the operation: no hand-off at all. */
    record Loop() implements DispatcherChoice {}

    /**
     * Handlers run on dispatcher threads of their own.
     *
     * @param concurrency how many handlers may run at the same time, at least 1
     */
    record Pooled(int concurrency) implements DispatcherChoice {
        /** The most threads that anyone has had a use for; beyond it a typing error is likelier. */
        private static final int CONCURRENCY_MAX = 4_096;

        /** Checks the bound. */
        public Pooled {
            if (concurrency < 1 || concurrency > CONCURRENCY_MAX) {
                throw new IllegalArgumentException("The concurrency must be between 1 and "
                        + CONCURRENCY_MAX + ", not " + concurrency + ".");
            }
        }
    }

    /**
     * Handlers run on threads of an executor that the application owns, and shuts down afterwards.
     *
     * @param executor must run each task, on another thread than the one that submits it
     */
    record OnExecutor(Executor executor) implements DispatcherChoice {
        /** Checks that there is one. */
        public OnExecutor {
            Objects.requireNonNull(executor, "executor");
        }
    }
}
