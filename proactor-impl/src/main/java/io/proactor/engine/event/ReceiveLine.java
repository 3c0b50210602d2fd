package io.proactor.engine.event;

import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * What the loops of a processor share of their receive buffers: the bound, and the line in which
 * claims wait while all are out. Each buffer that comes back is reserved for the first one, which
 * is signalled to fetch it. Nobody else can take it meanwhile, so the line is kept.
 *
 * <p>Threads: any.
 */
final class ReceiveLine {

    private final ReceiveLimits limits;
    private final List<ReceiveBuffers> sharers = new CopyOnWriteArrayList<>();
    private final MessagePassingQueue<ReceiveBuffer> free;
    private final AtomicInteger made = new AtomicInteger();  // not above the bound

    // The bound, less the buffers that sharers have and those that are reserved. Any thread: CAS.
    // So who has reserved one finds it in the queue, or there is one that was not made yet.
    private final AtomicInteger available;

    private final AtomicInteger taken = new AtomicInteger();  // by the sharers
    private final ConcurrentLinkedQueue<ReceiveClaim> waiting = new ConcurrentLinkedQueue<>();

    // Reserved buffers that are to be passed on to the line; while there are some, one thread does
    // it. Any thread.
    private final AtomicInteger passes = new AtomicInteger();

    ReceiveLine(ReceiveLimits limits) {
        this.limits = limits;
        // A capacity of one is more than this kind of queue can have.
        free = new MpmcVarHandleArrayQueue<>(Math.max(2, limits.buffersMax()));
        available = new AtomicInteger(limits.buffersMax());
    }

    ReceiveLimits limits() {
        return limits;
    }

    /** One more takes its buffers here. */
    void join(ReceiveBuffers sharer) {
        sharers.add(sharer);
    }

    /** Returns how many buffers are in use or leased: taken, but for those that sharers keep. */
    int out() {
        int out = taken.get();
        for (ReceiveBuffers each : sharers) {
            out -= each.kept();
        }
        return out;
    }

    /** Returns whether nobody waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The claim is signalled when a buffer is reserved for it. */
    void add(ReceiveClaim claim) {
        if (claim.lineUp()) {
            waiting.add(claim);
        }
        // Between the look and the line, the last buffer may have come back to nobody; and others
        // may keep some. Whoever keeps one from here on sees the line.
        for (ReceiveBuffers each : sharers) {
            each.giveUpKept();
        }
        if (reserve()) {
            passOn();
        }
    }

    /** Returns whether there was a buffer, which is reserved for the caller now. */
    boolean reserve() {
        int count = available.get();
        while (count > 0) {
            if (available.compareAndSet(count, count - 1)) {
                return true;
            }
            count = available.get();
        }
        return false;
    }

    /** Returns the buffer that the caller has reserved. */
    ReceiveBuffer takeReserved(ReceiveBuffers sharer) {
        boolean done = false;
        try {
            ReceiveBuffer buffer = free.poll();
            if (buffer == null) {
                buffer = make(sharer);
            } else {
                buffer.source(sharer);
            }
            taken.incrementAndGet();
            done = true;
            return buffer;
        } finally {
            if (!done) {
                passOn();
            }
        }
    }

    private ReceiveBuffer make(ReceiveBuffers sharer) {
        int count = made.incrementAndGet();
        assert count <= limits.buffersMax() : "a buffer that was reserved is there, or can be made";
        boolean done = false;
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(limits.bufferBytes());
            done = true;
            return new ReceiveBuffer(bytes, sharer);
        } finally {
            if (!done) {
                made.decrementAndGet();  // want of direct memory
            }
        }
    }

    /** A sharer gives up a buffer that nobody has. */
    void giveBack(ReceiveBuffer buffer) {
        boolean put = free.offer(buffer);
        assert put : "there is room for all that were made";
        taken.decrementAndGet();
        passOn();
    }

    /** A sharer has lost one. */
    void forfeit() {
        made.decrementAndGet();
        taken.decrementAndGet();
        passOn();
    }

    /** What the caller has reserved goes to the first claim that still waits, or to who asks. */
    void passOn() {
        if (waiting.isEmpty()) {
            available.incrementAndGet();
            // Who lined up after the look may have looked before the increment.
            if (waiting.isEmpty() || !reserve()) {
                return;
            }
        }
        passToTheLine();
    }

    /**
     * A signal may have its claim waive at once, and so pass the buffer on inside this call: the
     * outermost one does that too, when the signal has returned. So a line that is given up as a
     * whole takes no more stack than a single claim. Others leave it to that thread as well.
     */
    private void passToTheLine() {
        if (passes.getAndIncrement() > 0) {
            return;
        }
        Throwable thrown = null;
        do {
            try {
                passToTheFirst();
            } catch (Throwable e) {
                thrown = e;  // a signal's, for want of memory: it must not stop the line
            }
        } while (passes.decrementAndGet() > 0);
        if (thrown != null) {
            throw new IllegalStateException("A signal threw.", thrown);
        }
    }

    private void passToTheFirst() {
        do {
            for (ReceiveClaim claim = waiting.poll(); claim != null; claim = waiting.poll()) {
                if (claim.signal()) {
                    return;
                }
            }
            available.incrementAndGet();
            // Who lined up after the last look may have looked before the increment.
        } while (!waiting.isEmpty() && reserve());
    }
}
