package io.proactor.engine.event;

import io.proactor.operation.ReceiveBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has of the receive buffers, and its place in the line for another. A
 * connection that has as many as its credit allows waits for its own ones.
 *
 * <p>Threads: the owner of the connection's reads takes; any thread returns.
 */
public final class ReceiveClaim implements ReceiveBuffer.Holder {

    // And not objects of their own, which would be a quarter of what an idle connection has of us.
    private static final VarHandle STATE;
    private static final VarHandle QUEUED;
    private static final VarHandle HELD;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(ReceiveClaim.class, "state", int.class);
            QUEUED = lookup.findVarHandle(ReceiveClaim.class, "queued", boolean.class);
            HELD = lookup.findVarHandle(ReceiveClaim.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ReceiveBuffers buffers;
    private final int credit;
    private final Runnable signal;

    /*
     * What the claim waits for. Any thread: CAS.
     *
     * NONE       nothing
     * IN_LINE    for any buffer
     * SIGNALLED  it was in line, and a buffer is reserved for it
     * CREDIT     for one of its own to come back
     */
    private static final int NONE = 0;
    private static final int IN_LINE = 1;
    private static final int SIGNALLED = 2;
    private static final int CREDIT = 3;

    private volatile int state = NONE;

    // True exactly while the claim is in the pool's queue, even if it waits no more. Any thread.
    private volatile boolean queued;

    private volatile int held;  // any thread

    /**
     * @param signal has the connection try again. Is run by any thread, and only leaves a message
     */
    public ReceiveClaim(ReceiveBuffers buffers, Runnable signal) {
        this.buffers = buffers;
        this.signal = signal;
        credit = buffers.limits().leasesPerSocket();
    }

    /** The owner. Returns a buffer, or null; then the signal comes when it may try again. */
    public @Nullable ReceiveBuffer take() {
        int was = state;
        if (was == IN_LINE) {
            return null;  // if it is signalled just now, the signal has it try again
        }
        if (lacksCredit()) {
            if (was == SIGNALLED) {
                buffers.passOn();
            }
            return null;
        }
        if (was != NONE) {
            state = NONE;  // not each time: a volatile store costs as much as an exchange
        }
        ReceiveBuffer buffer = was == SIGNALLED ? buffers.takeReserved() : buffers.take(this);
        if (buffer != null) {
            HELD.getAndAdd(this, 1);
            buffer.holder(this);
        }
        return buffer;
    }

    private boolean lacksCredit() {
        if (held < credit) {
            return false;
        }
        state = CREDIT;
        // One may have come back before it could be seen that this is waited for.
        return held >= credit || !STATE.compareAndSet(this, CREDIT, NONE);
    }

    /** The owner. What it wanted a buffer for is over: whoever is next in line may have it. */
    public void waive() {
        // The look first: only the owner leaves NONE, so if it is seen, it stays.
        if (state != NONE && (int) STATE.getAndSet(this, NONE) == SIGNALLED) {
            buffers.passOn();
        }
    }

    /** Returns the number of buffers that this connection has. Any thread. */
    public int held() {
        return held;
    }

    @Override
    public void onReturned() {
        HELD.getAndAdd(this, -1);
        // The look first, since hardly anybody waits: an exchange that fails costs as much as one
        // that does not.
        if (state == CREDIT && STATE.compareAndSet(this, CREDIT, NONE)) {
            signal.run();
        }
    }

    /** The pool, for the owner. True if the claim must be put into the queue. */
    boolean lineUp() {
        state = IN_LINE;
        return QUEUED.compareAndSet(this, false, true);
    }

    /** The pool, which has taken it from the queue. False if the claim does not wait any more. */
    boolean signal() {
        queued = false;  // first: who lines up from here on must be queued again
        if (STATE.compareAndSet(this, IN_LINE, SIGNALLED)) {
            signal.run();
            return true;
        }
        return false;
    }
}
