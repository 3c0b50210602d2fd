package io.proactor.spi;

import io.proactor.operation.OperationCounters;
import io.proactor.operation.OperationTable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a processor is given when it is opened: what it shares with the proactor that opens it. */
public final class ProcessorContext {

    private final int loops;
    private final @Nullable DispatcherChoice dispatcher;
    private final long slowHandlerNanos;
    private final ThreadFactory threads;
    private final ProcessorListener listener;
    private final String threadPrefix;
    private final ReceiveLimits receiveLimits;
    private final WriteBudget writeBudget;
    private final OperationTable operations;
    private final OperationCounters counters = new OperationCounters();
    private final AtomicInteger threadsMade = new AtomicInteger();

    // Written by the processor while it is opened, before anybody else knows of this object.
    private Environment environment = Environment.SYSTEM;

    // False from the moment at which a shutdown aborts what is left. Written once.
    private volatile boolean accepting = true;

    /** Without traces, with the default limits and no budget. */
    public ProcessorContext(int loops, @Nullable DispatcherChoice dispatcher, long slowHandlerNanos,
            ThreadFactory threads, String threadPrefix, ProcessorListener listener) {
        this(loops, dispatcher, slowHandlerNanos, threads, threadPrefix, listener,
                ReceiveLimits.defaults(), new WriteBudget(0), false);
    }

    /**
     * @param loops how many threads perform operations, at least 1
     * @param dispatcher what the application asked for; null for the processor's own default
     * @param slowHandlerNanos how long a handler may keep a thread before it is named; 0 for ever
     * @param threads makes all threads of the processor
     * @param threadPrefix the beginning of their names
     * @param listener is told what is not a completion
     * @param receiveLimits bounds the buffers that receives are given
     * @param writeBudget bounds what all write queues hold together
     * @param traced true if operations remember where they were initiated
     */
    public ProcessorContext(int loops, @Nullable DispatcherChoice dispatcher, long slowHandlerNanos,
            ThreadFactory threads, String threadPrefix, ProcessorListener listener,
            ReceiveLimits receiveLimits, WriteBudget writeBudget, boolean traced) {
        if (loops < 1) {
            throw new IllegalArgumentException("At least one loop is needed, not " + loops + ".");
        }
        this.loops = loops;
        this.dispatcher = dispatcher;
        this.slowHandlerNanos = slowHandlerNanos;
        this.threads = threads;
        this.threadPrefix = threadPrefix;
        this.listener = listener;
        this.receiveLimits = receiveLimits;
        this.writeBudget = writeBudget;
        operations = new OperationTable(traced);
    }

    /** Returns how many threads perform operations. */
    public int loops() {
        return loops;
    }

    /** Returns the dispatcher that the application asked for, or null. */
    public @Nullable DispatcherChoice dispatcher() {
        return dispatcher;
    }

    /** Returns how long a handler may keep a thread before it is named; 0 for ever. */
    public long slowHandlerNanos() {
        return slowHandlerNanos;
    }

    /** Returns whom to tell what is not a completion. */
    public ProcessorListener listener() {
        return listener;
    }

    /** Returns the bounds of the buffers that receives are given. */
    public ReceiveLimits receiveLimits() {
        return receiveLimits;
    }

    /** Returns the bound of what all write queues hold together. */
    WriteBudget writeBudget() {
        return writeBudget;
    }

    /** Returns the table of all operations. */
    public OperationTable operations() {
        return operations;
    }

    /** Returns the counters of all operations. */
    public OperationCounters counters() {
        return counters;
    }

    /**
     * Makes a thread, not started, that is named after its role. Any thread.
     *
     * @throws IllegalStateException if the application's factory makes none
     */
    public Thread newThread(String role, Runnable body) {
        Thread thread = threads.newThread(body);
        if (thread == null) {
            throw new IllegalStateException("The thread factory returned null.");
        }
        thread.setName(threadPrefix + role + "-" + threadsMade.getAndIncrement());
        return thread;
    }

    /** Returns the clock, and how our threads start and wait. Any thread. */
    public Environment environment() {
        return environment;
    }

    /** The processor, while it is opened: it lives elsewhere than in the system's time. */
    public void environment(Environment environment) {
        this.environment = environment;
    }

    /** Any thread. Returns the time of the {@link #environment}. */
    public long nanoTime() {
        return environment.nanoTime();
    }

    /** Any thread. False once the proactor refuses new operations. */
    public boolean accepting() {
        return accepting;
    }

    /** The proactor. From here on initiations are refused. */
    public void refuse() {
        accepting = false;
    }
}
