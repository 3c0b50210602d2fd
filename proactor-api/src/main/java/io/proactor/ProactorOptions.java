package io.proactor;

import io.proactor.spi.DispatcherChoice;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a proactor is opened. Start from {@link #defaults()} and change what you need.
 *
 * @param processor the name of the processor, or {@code auto} for the best one that runs here
 * @param loops how many threads perform operations. More than one pays when one core is not enough
 * @param dispatcher what calls the handlers; null for the processor's own default
 * @param writeBytesMax how many bytes a socket's write queue holds before {@code write} refuses
 *     more; raise it for peers that are far away and must be kept busy
 * @param writesMax how many writes a socket's queue holds before {@code write} refuses more
 * @param slowHandler how long a handler may keep a dispatcher thread before the listener is told;
 *     zero for ever. Raise it where handlers are expected to block
 * @param threads makes all threads of the library; their names are set by the library
 * @param listener is told what no handler can be told
 */
public record ProactorOptions(String processor, int loops, @Nullable DispatcherChoice dispatcher,
        long writeBytesMax, int writesMax, Duration slowHandler, ThreadFactory threads,
        ProactorListener listener) {

    /** The name that lets the library choose. */
    public static final String AUTO = "auto";

    private static final int LOOPS_MAX = 1_024;          // no machine that we know has more cores
    private static final long WRITE_BYTES_MAX = 1L << 38; // what its counter holds, with slack
    private static final int WRITES_MAX = 1 << 22;        // likewise

    /** Checks every component. */
    public ProactorOptions {
        Objects.requireNonNull(processor, "processor");
        Objects.requireNonNull(slowHandler, "slowHandler");
        Objects.requireNonNull(threads, "threads");
        Objects.requireNonNull(listener, "listener");
        between("loops", loops, 1, LOOPS_MAX);
        between("writeBytesMax", writeBytesMax, 1, WRITE_BYTES_MAX);
        between("writesMax", writesMax, 1, WRITES_MAX);
        if (slowHandler.isNegative()) {
            throw new IllegalArgumentException("slowHandler must not be negative: " + slowHandler);
        }
    }

    /**
     * Returns the options of a proactor that is opened without any: the processor that
     * {@code -Dproactor.processor} names or else the best one, a loop for each core, a write queue
     * of 1 MiB or 65,536 writes, handlers named after one second, daemon threads, and failures
     * logged.
     */
    public static ProactorOptions defaults() {
        return new ProactorOptions(System.getProperty("proactor.processor", AUTO),
                Runtime.getRuntime().availableProcessors(), null, 1 << 20, 1 << 16,
                Duration.ofSeconds(1), ProactorOptions::daemon, ProactorListener.logging());
    }

    /** Returns these options with another processor. */
    public ProactorOptions withProcessor(String processor) {
        return new ProactorOptions(processor, loops, dispatcher, writeBytesMax, writesMax,
                slowHandler, threads, listener);
    }

    /** Returns these options with another number of loops. */
    public ProactorOptions withLoops(int loops) {
        return new ProactorOptions(processor, loops, dispatcher, writeBytesMax, writesMax,
                slowHandler, threads, listener);
    }

    /** Returns these options with handlers on the loop threads themselves: no hand-off at all. */
    public ProactorOptions withLoopDispatcher() {
        return withDispatcher(new DispatcherChoice.Loop());
    }

    /** Returns these options with at most {@code concurrency} handlers on threads of their own. */
    public ProactorOptions withPooledDispatcher(int concurrency) {
        return withDispatcher(new DispatcherChoice.Pooled(concurrency));
    }

    /** Returns these options with handlers on an executor that the application owns. */
    public ProactorOptions withExecutorDispatcher(Executor executor) {
        return withDispatcher(new DispatcherChoice.OnExecutor(executor));
    }

    /** Returns these options with another dispatcher, or with the processor's own default. */
    public ProactorOptions withDispatcher(@Nullable DispatcherChoice dispatcher) {
        return new ProactorOptions(processor, loops, dispatcher, writeBytesMax, writesMax,
                slowHandler, threads, listener);
    }

    /** Returns these options with other bounds of a socket's write queue. */
    public ProactorOptions withWriteQueue(long bytesMax, int writesMax) {
        return new ProactorOptions(processor, loops, dispatcher, bytesMax, writesMax,
                slowHandler, threads, listener);
    }

    /** Returns these options with another threshold for slow handlers; zero for none. */
    public ProactorOptions withSlowHandler(Duration slowHandler) {
        return new ProactorOptions(processor, loops, dispatcher, writeBytesMax, writesMax,
                slowHandler, threads, listener);
    }

    /** Returns these options with another maker of threads. */
    public ProactorOptions withThreads(ThreadFactory threads) {
        return new ProactorOptions(processor, loops, dispatcher, writeBytesMax, writesMax,
                slowHandler, threads, listener);
    }

    /** Returns these options with another listener. */
    public ProactorOptions withListener(ProactorListener listener) {
        return new ProactorOptions(processor, loops, dispatcher, writeBytesMax, writesMax,
                slowHandler, threads, listener);
    }

    private static void between(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ", not " + value);
        }
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    }
}
