package io.proactor.engine.nio2;

import io.proactor.engine.event.Timed;
import io.proactor.engine.event.TimingWheel;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Deadline;
import io.proactor.spi.ProcessorContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One thread that watches deadlines, and takes over the turns of handles whose holder has had
 * enough.
 *
 * <p>Threads: any. The wheel is under a lock, which only operations with a timeout, timers and
 * pausing listeners touch. Nobody is told anything under the lock.
 */
final class Clock implements Executor, Runnable {

    /** Elements per array of the queue: more are seldom relayed at a time. */
    private static final int CHUNK = 64;

    private final ProcessorContext context;
    private final Thread thread;

    // Bound: a serializer is relayed only by its holder, so there are at most as many as handles.
    private final MessagePassingQueue<Runnable> relayed =
            new MpscUnboundedVarHandleArrayQueue<>(CHUNK);

    // Guarded by lock.
    private final Object lock = new Object();
    private final TimingWheel wheel = new TimingWheel(System.nanoTime());
    private List<Alarm> due = new ArrayList<>();
    private long wakeUpNanos = System.nanoTime();  // when the thread looks again without being told

    private List<Alarm> told = new ArrayList<>();  // the thread's: what due was

    private volatile boolean ending;  // true exactly from the first call of terminate

    Clock(ProcessorContext context) {
        this.context = context;
        thread = context.newThread("clock", this);
    }

    void start() {
        thread.start();
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /**
     * Has {@code target} told, on the clock's thread, when a moment has come. A deadline for no
     * operation need not be disarmed.
     *
     * @param deadlineNanos a moment of {@link System#nanoTime}
     */
    Deadline arm(Timed target, @Nullable AsynchronousOperation operation, long deadlineNanos) {
        Alarm alarm = new Alarm(target);
        boolean earlier;
        synchronized (lock) {
            alarm.entry = wheel.arm(alarm, operation, deadlineNanos);
            earlier = deadlineNanos - wakeUpNanos < 0;
            if (earlier) {
                wakeUpNanos = deadlineNanos;  // so that the next ones need not wake it again
            }
        }
        if (earlier) {
            LockSupport.unpark(thread);
        }
        return alarm;
    }

    /** Runs a task on the clock's thread, soon. */
    @Override
    public void execute(Runnable task) {
        boolean added = relayed.offer(task);
        assert added : "the queue has no bound of its own";
        // No fence and no flag: a permit is kept for a thread that is not parked yet.
        LockSupport.unpark(thread);
    }

    /** Returns the number of deadlines that have neither come nor been disarmed. */
    int armed() {
        synchronized (lock) {
            return wheel.armed();
        }
    }

    /**
     * Ends the thread, and waits for it.
     *
     * @return false if the time elapsed first; it may be called again
     */
    boolean terminate(long timeoutNanos) throws InterruptedException {
        ending = true;
        LockSupport.unpark(thread);
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, timeoutNanos));
        return !thread.isAlive();
    }

    // ---- The clock's thread -------------------------------------------------------------------

    @Override
    public void run() {
        while (!ending) {
            try {
                cycle();
            } catch (Throwable thrown) {
                // A bug of ours in one handle must not stop the time of all others.
                context.listener().processorFailed(thrown);
            }
        }
    }

    private void cycle() {
        Runnable task = relayed.relaxedPoll();
        while (task != null) {
            task.run();
            task = relayed.relaxedPoll();
        }
        long sleepNanos = expire();
        if (!told.isEmpty()) {
            told.forEach(Alarm::tell);
            told.clear();
        } else if (relayed.isEmpty() && sleepNanos > 0) {
            LockSupport.parkNanos(this, sleepNanos);
            Thread.interrupted();  // parkNanos would not wait the next time
        }
    }

    /** Moves what is due to {@link #told}. Returns how long the thread may sleep. */
    private long expire() {
        synchronized (lock) {
            long nowNanos = System.nanoTime();
            wheel.expire(nowNanos);
            List<Alarm> empty = told;
            told = due;
            due = empty;
            // Half of what nanoTime can express is as good as for ever.
            long sleepNanos = Math.min(wheel.nanosToNext(nowNanos), Long.MAX_VALUE >> 1);
            wakeUpNanos = nowNanos + sleepNanos;
            return sleepNanos;
        }
    }

    /**
     * A deadline with a lock around it. It hears of the wheel under the lock and tells its target
     * afterwards; one that is disarmed in between tells all the same, of a life that is over.
     */
    private final class Alarm implements Timed, Deadline {
        private final Timed target;
        private @Nullable Deadline entry;                   // guarded by lock
        private @Nullable AsynchronousOperation operation;  // written under the lock, when due
        private long id;                                    // likewise

        Alarm(Timed target) {
            this.target = target;
        }

        @Override
        public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
            assert Thread.holdsLock(lock);
            this.operation = operation;
            this.id = id;
            due.add(this);
        }

        void tell() {
            assert !Thread.holdsLock(lock);
            try {
                target.onDeadline(operation, id);
            } catch (Throwable thrown) {
                context.listener().processorFailed(thrown);  // it must not cost the others
            }
        }

        @Override
        public void disarm() {
            synchronized (lock) {
                assert entry != null;
                entry.disarm();
            }
        }
    }
}
