package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import io.proactor.spi.ProcessorContext;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls handlers on threads of its own, in the way of an I/O completion port: one queue, and at
 * most {@code concurrency} handlers at a time. A handler that runs {@link #blocking} lends its
 * place to another one; when it comes back there is briefly one more, until a thread is done with
 * its event.
 *
 * <p>No completion is forgotten. Whoever adds an event reads the vacancy of the {@link Permits}
 * afterwards, and wakes a thread if there is one. Suppose that it reads false:
 *
 * <ul>
 *   <li>A thread searches. It stops at some later moment, looks at the queue after that, and finds
 *       the event.
 *   <li>No permit is free, or no thread is there to take it. The next thread that gives back its
 *       permit, or is added, makes the vacancy, looks at the queue after that, and finds the event;
 *       and each thread with a permit looks at the queue before it gives it back.
 * </ul>
 *
 * <p>Both sides write first and read afterwards, with a full fence between: the one adds and then
 * reads the vacancy, the other changes the vacancy and then reads the queue. So at least one of
 * them sees what the other wrote (Dekker's pair). Without the fence both can miss it: JCTools
 * publishes with an ordered store, which the reading may pass.
 */
public final class PooledDispatcher implements RunningDispatcher {

    /**
     * Threads beyond the concurrency, to stand in for those that block: as many as the fork-join
     * pool of the JDK allows itself (ForkJoinPool, {@code DEFAULT_COMMON_MAX_SPARES}). If more
     * handlers block at the same time, the others wait until one of these comes back.
     */
    private static final int SPARES_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(PooledDispatcher.class);

    private final CompletionEventQueue queue;
    private final Permits permits;
    private final Watchdog watchdog;
    private final ProcessorContext context;
    private final Search search;

    // The thread of this dispatcher that the caller is, or null.
    private final ThreadLocal<DispatcherThread> current = new ThreadLocal<>();

    // All threads that were started. Any thread; written rarely.
    private final List<DispatcherThread> threads = new CopyOnWriteArrayList<>();

    // True from the first time that no thread could be made. Any thread.
    private final AtomicBoolean shortageLogged = new AtomicBoolean();

    /**
     * Starts its threads.
     *
     * @param concurrency how many handlers may run at the same time
     * @param watchdog is told of each thread; it is the caller's to end, after this
     */
    public PooledDispatcher(ProcessorContext context, int concurrency, Watchdog watchdog) {
        this(context, concurrency, concurrency + SPARES_MAX, watchdog, new CompletionEventQueue(),
                Search.USUAL);
    }

    /** For tests, which want bounds that are soon met, and a model checker that need not wait. */
    PooledDispatcher(ProcessorContext context, int concurrency, int threadsMax, Watchdog watchdog,
            CompletionEventQueue queue, Search search) {
        this.context = context;
        this.watchdog = watchdog;
        this.queue = queue;
        this.search = search;
        permits = new Permits(concurrency, threadsMax);
        try {
            for (int i = 0; i < concurrency; i++) {
                permits.expect();
                addThread();
            }
        } catch (Throwable thrown) {
            end();
            throw thrown;
        }
    }

    @Override
    public String name() {
        return "pooled";
    }

    @Override
    public void enqueue(CompletionEvent event) {
        queue.add(event);
        lookFence();
        wake();
    }

    @Override
    public void giveWay() {
        queue.giveWay();
    }

    @Override
    public boolean dispatching() {
        for (DispatcherThread thread : threads) {
            if (thread.dispatching()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean runsOnCurrentThread() {
        return current.get() != null;
    }

    @Override
    public <T> T blocking(Callable<T> body) throws Exception {
        DispatcherThread thread = current.get();
        if (thread == null || thread.blocking) {
            return body.call();
        }
        thread.blocking = true;
        if (permits.leave()) {
            addSpare();
        }
        lookAgain();
        try {
            return body.call();
        } finally {
            permits.comeBack();
            thread.blocking = false;
        }
    }

    @Override
    public boolean terminate(long timeoutNanos) throws InterruptedException {
        assert !runsOnCurrentThread() : "a handler cannot wait for itself";
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        end();
        boolean ended = true;
        // By index: a handler that still runs may block, and so add one.
        for (int i = 0; i < threads.size(); i++) {
            ended &= threads.get(i).join(deadlineNanos - System.nanoTime());
        }
        assert !ended || queue.isEmpty();
        return ended;
    }

    /** Returns how often a thread was woken. Any thread. */
    long wakeUps() {
        return permits.wakeUps();
    }

    // ---- Its threads --------------------------------------------------------------------------

    /** A thread of this dispatcher, at its beginning. */
    void entered(DispatcherThread thread) {
        current.set(thread);
    }

    /** Whoever may have made a vacancy: looks for events that came before it did. */
    void lookAgain() {
        lookFence();
        if (!queue.isEmpty()) {
            wake();
        }
    }

    /** Has each thread end as soon as it finds no event. */
    void end() {
        permits.end();
        threads.forEach(DispatcherThread::unpark);
    }

    // ---- Private ------------------------------------------------------------------------------

    private void wake() {
        if (permits.vacancy()) {
            DispatcherThread woken = permits.grant();
            if (woken != null) {
                woken.unpark();
            }
        }
    }

    /** Between what a thread writes and what it then looks at; see the class comment. */
    private static void lookFence() {
        VarHandle.fullFence();
    }

    /** Makes a thread that the permits have counted. */
    private void addThread() {
        boolean started = false;
        try {
            DispatcherThread thread =
                    new DispatcherThread(this, queue, permits, watchdog, context, search);
            thread.start();
            started = true;
            threads.add(thread);
            permits.add(thread);
            if (permits.ended()) {
                thread.unpark();
            }
        } finally {
            if (!started) {
                permits.missing();
            }
        }
    }

    /** A thread that is about to block: makes one that stands in for it. */
    private void addSpare() {
        try {
            addThread();
        } catch (Throwable thrown) {
            // The handler blocks all the same, and events wait until it is done, as they would with
            // no spares at all.
            if (shortageLogged.compareAndSet(false, true)) {
                LOG.warn("No thread can be made to stand in for one that blocks.", thrown);
            }
        }
    }
}
