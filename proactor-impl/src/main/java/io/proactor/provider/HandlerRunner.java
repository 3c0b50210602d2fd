package io.proactor.provider;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The task of a group's executor that calls handlers: one hand-over for all that are ready, where a
 * task for each would wake a thread for each.
 *
 * <p>A handler may block for as long as it likes, so none may wait behind another while there is a
 * thread to be had: whoever takes one, and sees that it was not the last, first asks the executor
 * for one more run, if none is on its way. So with short handlers one thread does it all, and the
 * second finds nothing left; with handlers that block, each brings the next thread.
 *
 * <p>Threads: any may add; those of the executor, and the spare one, run. Bound: an outstanding
 * operation is on the queue at most once, so there are at most three a channel, and the refusals of
 * closed channels.
 */
final class HandlerRunner implements Runnable {

    /** Handlers per run, so that an executor that has other tasks comes to those too. */
    private static final int CALLS_MAX = 64;

    /**
     * A run that the executor took this long ago, and has not begun, may be lost: an executor may
     * drop tasks without a word. One run too many does no harm.
     */
    private static final long LOST_NANOS = 100_000_000;

    /** Runs that may be taken for lost, one after the other, before one begins: more are no use. */
    private static final int LOST_MAX = 16;

    private static final VarHandle COMING;

    static {
        try {
            COMING = MethodHandles.lookup()
                    .findVarHandle(HandlerRunner.class, "coming", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final GroupThreads threads;

    // Allocates a node for each call. The queues that do not have one consumer, or a bound.
    private final Queue<Outstanding<?>> calls = new ConcurrentLinkedQueue<>();

    // True exactly from when a run was asked for until it begins: it will see what was added
    // before. Any thread sets it, by CAS; a run clears it before it looks.
    private volatile boolean coming;

    // When the last run was asked for. Written after coming is set; only a guess.
    private volatile long askedNanos;

    // Runs that were taken for lost since the last one began. Only a guess, too. Any thread.
    private final AtomicInteger lostRuns = new AtomicInteger();

    // True exactly from when the processor has first said that a batch ends: one that never says so
    // hands on one by one. The processor's thread.
    private boolean batches;

    HandlerRunner(GroupThreads threads) {
        this.threads = threads;
    }

    /** Any thread. Has a handler called on a thread of the group. */
    void add(Outstanding<?> call) {
        calls.add(call);
        if (!ProcessorThread.isCurrent() || !batches) {
            ask();
        }
    }

    /**
     * The processor's thread: what was due has been added. It gives way once, so that where the
     * threads of the group wait for the same processor, they come first, and the loop's next turn
     * finds as much as they brought about, in place of one connection at a time.
     */
    void batchEnds() {
        batches = true;
        if (!calls.isEmpty()) {
            ask();
            Thread.yield();
        }
    }

    private void ask() {
        if (!coming && COMING.compareAndSet(this, false, true) || seemsLost()) {
            askedNanos = System.nanoTime();
            threads.submit(this);
        }
    }

    private boolean seemsLost() {
        boolean lost = lostRuns.get() < LOST_MAX && System.nanoTime() - askedNanos > LOST_NANOS;
        if (lost) {
            lostRuns.incrementAndGet();
        }
        return lost;
    }

    @Override
    public void run() {
        if (ProcessorThread.isCurrent()) {
            threads.spare(this);  // the executor runs tasks on the thread that submits them
            return;
        }
        coming = false;
        if (lostRuns.get() != 0) {
            lostRuns.set(0);
        }
        for (int count = 0; count < CALLS_MAX; count++) {
            Outstanding<?> call = calls.poll();
            if (call == null) {
                return;
            }
            if (!calls.isEmpty()) {
                ask();
            }
            try {
                call.run();
            } catch (Throwable thrown) {
                askIfAny();  // this thread ends, as the JDK's do
                throw thrown;
            }
        }
        askIfAny();
    }

    private void askIfAny() {
        if (!calls.isEmpty()) {
            ask();
        }
    }
}
