package io.proactor.provider;

import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that the handlers of a group run on: an executor of its own, or one that was given.
 * Handlers and tasks are all that runs there; the processor has a thread of its own, on which no
 * handler runs, whatever the executor does.
 *
 * <p>A handler that throws ends its thread, as the JDK's does, and the pool makes another one.
 *
 * <p>Threads: any.
 */
final class GroupThreads {

    private static final Logger LOG = LoggerFactory.getLogger(GroupThreads.class);

    /** How long the spare thread waits for more to do. */
    private static final long SPARE_SECONDS = 1;

    private final ExecutorService executor;
    private final HandlerRunner runner = new HandlerRunner(this);

    // Runs when the executor refuses to: slow, but no handler is lost. Made when
    // first needed; guarded by this.
    private @Nullable ThreadPoolExecutor spare;

    GroupThreads(ExecutorService executor) {
        this.executor = executor;
    }

    /**
     * A pool of so many threads. They are there from the beginning, so that a program whose main
     * thread has ended lives on, as with the JDK's.
     */
    static GroupThreads fixed(int count, ThreadFactory factory) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), factory);
        pool.prestartAllCoreThreads();
        return new GroupThreads(pool);
    }

    /** Runs a handler's call on a thread of the group, never inside this call. */
    void execute(Outstanding<?> call) {
        runner.add(call);
    }

    /** The processor's thread has handed on all that was due. */
    void batchEnds() {
        runner.batchEnds();
    }

    /** For the runner: runs it on a thread of the group. */
    void submit(HandlerRunner runner) {
        try {
            executor.execute(runner);
        } catch (Throwable refusal) {
            // Errors too: an executor that makes threads throws OutOfMemoryError when it cannot.
            LOG.debug("The executor {} refuses a handler.", executor, refusal);
            spare(runner);
        }
    }

    /** For the runner: runs it elsewhere than on the executor. */
    synchronized void spare(HandlerRunner runner) {
        if (spare == null) {
            // One core thread, so that it takes from the queue; it ends when there is nothing.
            spare = new ThreadPoolExecutor(1, 1, SPARE_SECONDS, TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(), body -> daemon(body, "provider-spare"));
            spare.allowCoreThreadTimeOut(true);
        }
        spare.execute(runner);
    }

    private static Thread daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /** A task of the application's, which knows this group as an executor. */
    void executeTask(Runnable task) {
        Objects.requireNonNull(task, "task");
        executor.execute(() -> run(task));
    }

    private void run(Runnable task) {
        HandlerStack stack = HandlerStack.current();
        GroupThreads outer = stack.group();
        int outerDepth = stack.depth();
        stack.enter(this);
        try {
            task.run();
        } finally {
            stack.leave(outer, outerDepth);
        }
    }

    /** The group has ended: what was queued still runs. */
    void shutdown() {
        executor.shutdown();
    }

    boolean isTerminated() {
        return executor.isTerminated();
    }

    boolean awaitTermination(long nanos) throws InterruptedException {
        return executor.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public String toString() {
        return executor.toString();
    }
}
