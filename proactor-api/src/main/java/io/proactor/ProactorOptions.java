package io.proactor;

import io.proactor.spi.DispatcherChoice;
import io.proactor.spi.ReceiveLimits;
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
 * @param writeQueue how much may wait to be written
 * @param receiveLimits bounds the buffers that {@link StreamSocket#receive} leases
 * @param tracing true to have each operation and each lease remember where it came from: what
 *     {@link Proactor#dumpPending} shows, and failures carry. It costs the walk of a stack each
 *     time, so it is for finding a fault
 * @param slowHandler how long a handler may keep a dispatcher thread before the listener is told;
 *     zero for ever. Raise it where handlers are expected to block
 * @param threads makes all threads of the library; their names are set by the library
 * @param listener is told what no handler can be told
 */
public record ProactorOptions(String processor, int loops, @Nullable DispatcherChoice dispatcher,
        WriteQueueOptions writeQueue, ReceiveLimits receiveLimits, boolean tracing,
        Duration slowHandler, ThreadFactory threads, ProactorListener listener) {

    /** The name that lets the library choose. */
    public static final String AUTO = "auto";

    private static final int LOOPS_MAX = 1_024;          // no machine that we know has more cores

    /** Checks every component. */
    public ProactorOptions {
        Objects.requireNonNull(processor, "processor");
        Objects.requireNonNull(writeQueue, "writeQueue");
        Objects.requireNonNull(receiveLimits, "receiveLimits");
        Objects.requireNonNull(slowHandler, "slowHandler");
        Objects.requireNonNull(threads, "threads");
        Objects.requireNonNull(listener, "listener");
        if (loops < 1 || loops > LOOPS_MAX) {
            throw new IllegalArgumentException(
                    "loops must be between 1 and " + LOOPS_MAX + ", not " + loops);
        }
        if (slowHandler.isNegative()) {
            throw new IllegalArgumentException("slowHandler must not be negative: " + slowHandler);
        }
    }

    /**
     * Returns the options of a proactor that is opened without any: the processor that
     * {@code -Dproactor.processor} names or else the best one, a loop for each core, {@link
     * WriteQueueOptions#defaults()}, {@link ReceiveLimits#defaults()}, no tracing unless {@code
     * -Dproactor.tracing=true}, handlers named after one second, daemon threads, and failures
     * logged.
     */
    public static ProactorOptions defaults() {
        return new ProactorOptions(System.getProperty("proactor.processor", AUTO),
                Runtime.getRuntime().availableProcessors(), null,
                WriteQueueOptions.defaults(), ReceiveLimits.defaults(),
                Boolean.getBoolean("proactor.tracing"),
                Duration.ofSeconds(1), ProactorOptions::daemon, ProactorListener.logging());
    }

    /** Returns these options with another processor. */
    public ProactorOptions withProcessor(String processor) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    /** Returns these options with another number of loops. */
    public ProactorOptions withLoops(int loops) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
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
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    /** Returns these options with other bounds of a socket's write queue. */
    public ProactorOptions withWriteQueue(long bytesMax, int writesMax) {
        return withWriteQueue(writeQueue.withMaximum(bytesMax, writesMax));
    }

    /** Returns these options with another write queue. */
    public ProactorOptions withWriteQueue(WriteQueueOptions writeQueue) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    /** Returns these options with other bounds of the buffers that receives are given. */
    public ProactorOptions withReceiveLimits(ReceiveLimits receiveLimits) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    /** Returns these options with tracing on or off. */
    public ProactorOptions withTracing(boolean tracing) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    /** Returns these options with another threshold for slow handlers; zero for none. */
    public ProactorOptions withSlowHandler(Duration slowHandler) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    /** Returns these options with another maker of threads. */
    public ProactorOptions withThreads(ThreadFactory threads) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    /** Returns these options with another listener. */
    public ProactorOptions withListener(ProactorListener listener) {
        return new ProactorOptions(processor, loops, dispatcher, writeQueue, receiveLimits,
                tracing, slowHandler, threads, listener);
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    }
}
