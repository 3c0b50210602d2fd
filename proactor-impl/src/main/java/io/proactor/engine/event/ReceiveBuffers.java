package io.proactor.engine.event;

import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that receives are given. They are made when first needed, up to a bound, and kept.
 * While all are out, claims wait in line; each buffer that comes back is reserved for the first
 * one, which is signalled to fetch it. Nobody else can take it meanwhile, so the line is kept.
 *
 * <p>Threads: any.
 *
 * <p>Bound: {@link ReceiveLimits}.
 */
public final class ReceiveBuffers implements ReceiveBuffer.Source {

    private final ReceiveLimits limits;
    private final MessagePassingQueue<ReceiveBuffer> free;
    private final AtomicInteger made = new AtomicInteger();  // not above the bound

    // The bound, less the buffers that are out and those that are reserved. Any thread: CAS. So who
    // has reserved one finds it in the queue, or there is one that was not made yet.
    private final AtomicInteger available;

    private final AtomicInteger out = new AtomicInteger();
    private final ConcurrentLinkedQueue<ReceiveClaim> waiting = new ConcurrentLinkedQueue<>();

    // Reserved buffers that are to be passed on to the line; while there are some, one thread does
    // it. Any thread.
    private final AtomicInteger passes = new AtomicInteger();

    /** Makes an empty pool. */
    public ReceiveBuffers(ReceiveLimits limits) {
        this.limits = limits;
        // A capacity of one is more than this kind of queue can have.
        free = new MpmcVarHandleArrayQueue<>(Math.max(2, limits.buffersMax()));
        available = new AtomicInteger(limits.buffersMax());
    }

    /** Returns the bounds. */
    public ReceiveLimits limits() {
        return limits;
    }

    /** Returns the number of buffers that are in use or leased; exact when nothing is in flight. */
    public int out() {
        return out.get();
    }

    /**
     * Returns a buffer, or null. Then the claim is in line, and is signalled when one is reserved
     * for it.
     */
    @Nullable ReceiveBuffer take(ReceiveClaim claim) {
        if (waiting.isEmpty() && reserve()) {
            return takeReserved();
        }
        if (claim.lineUp()) {
            waiting.add(claim);
        }
        // Between the look and the line, the last buffer may have come back to nobody.
        if (reserve()) {
            passOn();
        }
        return null;
    }

    private boolean reserve() {
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
    ReceiveBuffer takeReserved() {
        boolean taken = false;
        try {
            ReceiveBuffer buffer = free.poll();
            if (buffer == null) {
                buffer = make();
            }
            out.incrementAndGet();
            taken = true;
            return buffer;
        } finally {
            if (!taken) {
                passOn();
            }
        }
    }

    private ReceiveBuffer make() {
        int count = made.incrementAndGet();
        assert count <= limits.buffersMax() : "a buffer that was reserved is there, or can be made";
        boolean done = false;
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(limits.bufferBytes());
            done = true;
            return new ReceiveBuffer(bytes, this);
        } finally {
            if (!done) {
                made.decrementAndGet();  // want of direct memory
            }
        }
    }

    @Override
    public void giveBack(ReceiveBuffer buffer) {
        ReceiveBuffer.Holder holder = buffer.takeHolder();
        boolean kept = free.offer(buffer);
        assert kept : "there is room for all that were made";
        returned(holder);
    }

    @Override
    public void forfeit(ReceiveBuffer buffer) {
        ReceiveBuffer.Holder holder = buffer.takeHolder();
        made.decrementAndGet();
        returned(holder);
    }

    private void returned(ReceiveBuffer.@Nullable Holder holder) {
        out.decrementAndGet();
        if (holder != null) {
            holder.onReturned();
        }
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
