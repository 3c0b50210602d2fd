package io.proactor.engine.event;

import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that the receives of a loop are given. They are made when first needed, up to a
 * bound, and kept. Loops share the bound, and the line in which claims wait while all are out. A
 * buffer that comes back stays with its loop while nobody waits; so as long as there are enough,
 * two loops write to nothing in common.
 *
 * <p>Threads: any; fast as long as most are the loop's.
 *
 * <p>Bound: {@link ReceiveLimits}.
 */
public final class ReceiveBuffers implements ReceiveBuffer.Source {

    /** A loop keeps so many at most; more than are in use in a turn, or on their way in a write. */
    private static final int KEPT_MAX = 256;

    private final ReceiveLine line;
    private final MessagePassingQueue<ReceiveBuffer> kept;

    /** Makes an empty pool, with a bound and a line of its own. */
    public ReceiveBuffers(ReceiveLimits limits) {
        this(new ReceiveLine(limits));
    }

    private ReceiveBuffers(ReceiveLine line) {
        this.line = line;
        // A capacity of one is more than this kind of queue can have.
        kept = new MpmcVarHandleArrayQueue<>(
                Math.max(2, Math.min(KEPT_MAX, line.limits().buffersMax())));
        line.join(this);
    }

    /** Returns one for another loop, which shares the bound and the line. */
    public ReceiveBuffers another() {
        return new ReceiveBuffers(line);
    }

    /** Returns the bounds, which hold for all that share them. */
    public ReceiveLimits limits() {
        return line.limits();
    }

    /**
     * Returns the number of buffers that are in use or leased, of all loops; exact when nothing is
     * in flight.
     */
    public int out() {
        return line.out();
    }

    /**
     * Returns a buffer, or null. Then the claim is in line, and is signalled when one is reserved
     * for it.
     */
    @Nullable ReceiveBuffer take(ReceiveClaim claim) {
        if (line.isEmpty()) {
            ReceiveBuffer buffer = kept.poll();
            if (buffer != null) {
                return buffer;
            }
            if (line.reserve()) {
                return takeReserved();
            }
        }
        line.add(claim);
        return null;
    }

    /** Returns the buffer that the caller has reserved. */
    ReceiveBuffer takeReserved() {
        return line.takeReserved(this);
    }

    /** What the caller has reserved goes to the first claim that still waits, or to who asks. */
    void passOn() {
        line.passOn();
    }

    @Override
    public void giveBack(ReceiveBuffer buffer) {
        ReceiveBuffer.Holder holder = buffer.takeHolder();
        if (!kept.offer(buffer)) {
            line.giveBack(buffer);
        }
        try {
            tell(holder);
        } finally {
            // Who lined up before the buffer was here may not have found it; who does so later
            // will.
            if (!line.isEmpty()) {
                giveUpKept();
            }
        }
    }

    @Override
    public void forfeit(ReceiveBuffer buffer) {
        ReceiveBuffer.Holder holder = buffer.takeHolder();
        try {
            tell(holder);
        } finally {
            line.forfeit();
        }
    }

    /** May throw, as the signal of a holder may for want of memory; others are not to miss it. */
    private static void tell(ReceiveBuffer.@Nullable Holder holder) {
        if (holder != null) {
            holder.onReturned();
        }
    }

    /** Returns how many buffers wait here for the loop. */
    int kept() {
        return kept.size();
    }

    /** Others need the buffers that wait here for the loop. */
    void giveUpKept() {
        for (ReceiveBuffer buffer = kept.poll(); buffer != null; buffer = kept.poll()) {
            line.giveBack(buffer);
        }
    }
}
