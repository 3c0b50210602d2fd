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
 * While all are out, claims wait in line; each buffer that comes back lets the first one try again.
 *
 * <p>Threads: any.
 *
 * <p>Bound: {@link ReceiveLimits}.
 */
public final class ReceiveBuffers implements ReceiveBuffer.Source {

    private final ReceiveLimits limits;
    private final MessagePassingQueue<ReceiveBuffer> free;
    private final AtomicInteger made = new AtomicInteger();  // not above the bound
    private final AtomicInteger out = new AtomicInteger();
    private final ConcurrentLinkedQueue<ReceiveClaim> waiting = new ConcurrentLinkedQueue<>();

    /** Makes an empty pool. */
    public ReceiveBuffers(ReceiveLimits limits) {
        this.limits = limits;
        // A capacity of one is more than this kind of queue can have.
        free = new MpmcVarHandleArrayQueue<>(Math.max(2, limits.buffersMax()));
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
     * Returns a buffer, or null. Then the claim is in line, and is signalled when it may try again.
     * One that was signalled has waited long enough to go before those that wait.
     */
    @Nullable ReceiveBuffer take(ReceiveClaim claim, boolean signalled) {
        ReceiveBuffer buffer = signalled || waiting.isEmpty() ? poll() : null;
        if (buffer == null) {
            if (claim.lineUp()) {
                waiting.add(claim);
            }
            // Between the look and the line, the last buffer may have come back to nobody.
            if (free.relaxedPeek() != null || made.get() < limits.buffersMax()) {
                signalNext();
            }
        }
        return buffer;
    }

    private @Nullable ReceiveBuffer poll() {
        ReceiveBuffer buffer = free.poll();
        if (buffer == null && made.get() < limits.buffersMax()) {
            buffer = make();
        }
        if (buffer != null) {
            out.incrementAndGet();
        }
        return buffer;
    }

    private @Nullable ReceiveBuffer make() {
        if (made.incrementAndGet() > limits.buffersMax()) {
            made.decrementAndGet();
            return null;
        }
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
        signalNext();
    }

    /** Lets the first claim that still waits try again. */
    void signalNext() {
        ReceiveClaim claim = waiting.poll();
        while (claim != null && !claim.signal()) {
            claim = waiting.poll();
        }
    }
}
