package io.proactor.engine.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * How other threads talk to a loop: many offer, the loop polls, and naps when there is nothing to
 * do. At most one wake-up for each nap, however many commands arrive. What the loop tells itself
 * comes out as well, without the exchanges that others need.
 *
 * <p>Bound: a command is offered only while it is not queued, so there are at most as many elements
 * as there are handles.
 *
 * <p>No wake-up is lost. The loop sets {@code napping} and then looks at the queue; a producer
 * publishes its command and then looks at {@code napping}. Whoever comes second sees the other,
 * provided that neither's look can be moved before its own store: the loop's store is volatile, but
 * JCTools publishes with an ordered store only, so the producer needs the full fence.
 */
public final class CommandQueue<T> {

    /** Elements per array; a loop that keeps up stays within one array and allocates nothing. */
    private static final int CHUNK = 1_024;

    /** So many of its own commands pass the loop by the short way, which never has to grow. */
    private static final int OWN_MAX = 256;

    private static final VarHandle NAPPING;

    static {
        try {
            NAPPING = MethodHandles.lookup()
                    .findVarHandle(CommandQueue.class, "napping", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MessagePassingQueue<T> queue = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
    private final Queue<T> own = new ArrayDeque<>(OWN_MAX);  // the loop's
    private final Runnable wakeUp;

    // True exactly while the loop sleeps, or is about to, and nobody has woken it. The loop sets
    // it; the producer that clears it does the wake-up.
    private volatile boolean napping;

    // True exactly if another thread's was taken since the loop gave way last. The loop's.
    private boolean taken;

    /**
     * @param wakeUp ends the loop's sleep, or its next one if it does not sleep yet; any thread
     */
    public CommandQueue(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Adds a command and sees to it that the loop will look. Any thread. */
    public void offer(T command) {
        boolean added = queue.offer(command);
        assert added : "the queue has no bound of its own";
        VarHandle.fullFence();
        wakeUp();
    }

    /**
     * Adds a command and sees to it that the loop will look. Any thread.
     *
     * @param byLoop whether the caller is the loop
     */
    public void offer(T command, boolean byLoop) {
        if (byLoop && own.size() < OWN_MAX) {
            own.add(command);
        } else {
            offer(command);
        }
    }

    /** Wakes the loop if it naps. Any thread, after it has published what the loop is to see. */
    public void wakeUp() {
        if (napping && NAPPING.compareAndSet(this, true, false)) {
            wakeUp.run();
        }
    }

    /** The loop. Returns the next command; null if there is none, or one is only half offered. */
    public @Nullable T poll() {
        T command = own.poll();
        if (command == null) {
            command = queue.relaxedPoll();
            taken |= command != null;
        }
        return command;
    }

    /** The loop. False also while a command is half offered. */
    public boolean isEmpty() {
        return own.isEmpty() && queue.isEmpty();
    }

    /**
     * The loop, before it sleeps. If others' commands have come since it did so last, or are to be
     * expected as handlers run on other threads, it gives way once: where those wait for the same
     * core they come first, and what they initiate is there together. Else the first command of
     * each batch ends a nap that has hardly begun. If nobody wants the core it costs 0.3 µs.
     */
    public void giveWay(boolean expected) {
        if ((expected || taken) && isEmpty()) {
            Thread.yield();
        }
        taken = false;
    }

    /**
     * The loop, before it sleeps.
     *
     * @return true if it may sleep: a command that comes now ends the sleep. False if there is one
     */
    public boolean nap() {
        napping = true;
        if (isEmpty()) {
            return true;
        }
        napping = false;
        return false;
    }

    /** The loop, after its sleep. */
    public void awake() {
        if (napping) {
            napping = false;
        }
    }
}
