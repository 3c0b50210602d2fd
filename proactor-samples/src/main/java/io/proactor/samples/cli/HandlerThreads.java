package io.proactor.samples.cli;

import io.proactor.ProactorOptions;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Which threads call the handlers: what {@code --dispatcher} can be. */
public enum HandlerThreads {

    /** The loops themselves. */
    LOOP {
        @Override
        ProactorOptions chosenIn(ProactorOptions options) {
            return options.withLoopDispatcher();
        }
    },

    /** Threads of the library's own, as many handlers at a time as there are loops. */
    POOLED {
        @Override
        ProactorOptions chosenIn(ProactorOptions options) {
            return options.withPooledDispatcher(options.loops());
        }
    },

    /** Virtual threads, or as many threads as there are loops where the JVM has no virtual ones. */
    EXECUTOR {
        @Override
        ProactorOptions chosenIn(ProactorOptions options) {
            return options.withExecutorDispatcher(executor(options.loops()));
        }
    };

    private static final int VIRTUAL_THREADS_SINCE = 21;  // JEP 444

    abstract ProactorOptions chosenIn(ProactorOptions options);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The samples are compiled for Java 17, so the method that came later is called by its name.
     */
    private static Executor executor(int threads) {
        if (Runtime.version().feature() < VIRTUAL_THREADS_SINCE) {
            return Executors.newFixedThreadPool(threads, HandlerThreads::daemon);
        }
        try {
            return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("a Java of 21 or later has virtual threads", e);
        }
    }

    /** Nobody shuts the executor down: the program ends when its proactor has ended. */
    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "handlers");
        thread.setDaemon(true);
        return thread;
    }
}
