package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The completion event queue of the dispatcher threads. Any thread adds and takes. It never refuses
 * an event, because each one is the only trace of a completion.
 *
 * <p>Order: two events that one thread adds are taken in that order. Sequences and strands need
 * more than that and bring it themselves.
 *
 * <p>Bound: an operation and a sequence are each on the queue at most once, so it never holds more
 * than there are operations that completed, and those have the bounds of what they were issued on.
 */
final class CompletionEventQueue {

    /**
     * Events that wait without a node of their own: one from each of 16,384 connections at the same
     * moment. It costs 200 KB for each dispatcher. What exceeds it costs 24 bytes for each event.
     */
    private static final int EVENTS = 16_384;

    private final MpmcVarHandleArrayQueue<CompletionEvent> events;

    // Used only from the moment at which events is full until this queue is empty again. Events
    // that come meanwhile line up here too, else they would pass those that came before.
    private final Queue<CompletionEvent> overflow = new ConcurrentLinkedQueue<>();

    // How many events were taken when somebody gave way last, or did not have to. A guess where
    // several threads write it.
    private long takenBefore;

    CompletionEventQueue() {
        this(EVENTS);
    }

    /** For tests, which fill it. */
    CompletionEventQueue(int capacity) {
        events = new MpmcVarHandleArrayQueue<>(capacity);
    }

    /** Adds an event at the end. Any thread. */
    void add(CompletionEvent event) {
        if (!overflow.isEmpty() || !events.offer(event)) {
            overflow.add(event);
        }
    }

    /** Takes the oldest event; null if there was a moment without one. Any thread. */
    @Nullable CompletionEvent poll() {
        CompletionEvent event = events.poll();
        if (event != null || overflow.isEmpty()) {
            return event;
        }
        // Between the two looks it may have been filled, and what overflowed comes after that.
        event = events.poll();
        return event != null ? event : overflow.poll();
    }

    /**
     * A thread that has added events, and goes to wait for what leads to more of them. If others
     * have taken some since it was here last, and some are left, it has come between: it runs on
     * the core of those who take them, and gives way until they have done what there is. Else a
     * thread that wakes for each event, as it comes, interrupts the work on each event. To be
     * called where there is one core.
     */
    void giveWay() {
        if (events.currentConsumerIndex() != takenBefore && !events.isEmpty()) {
            Thread.yield();
        }
        takenBefore = events.currentConsumerIndex();
    }

    /** Any thread. False if an event that was added before this call has not been taken. */
    boolean isEmpty() {
        return events.isEmpty() && overflow.isEmpty();
    }
}
