package io.proactor.operation;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the lives of operations. When nothing is in flight,
 * issued = completed + failed + cancelled + timed out.
 *
 * <p>Adders and not one long each: two loops that count in turn would otherwise pass one cache line
 * to and fro for every operation.
 */
public final class OperationCounters {

    private final LongAdder issued = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    /** Makes counters that stand at 0. */
    public OperationCounters() {}

    /** An operation was initiated. Any thread. */
    public void issued() {
        issued.increment();
    }

    /** An initiation was taken back: it counts as never issued. Any thread. */
    public void revoked() {
        issued.decrement();
    }

    /** An operation's handler is about to be called. Any thread. */
    public void ended(Outcome outcome) {
        (switch (outcome) {
            case COMPLETED -> completed;
            case FAILED -> failed;
            case CANCELLED -> cancelled;
            case TIMED_OUT -> timedOut;
        }).increment();
    }

    /**
     * A reading of all counters. Exact when nothing is in flight; otherwise each number is right
     * for some moment of the call. The ends are read first, so that outstanding is never negative.
     */
    public Snapshot snapshot() {
        long ended = completed.sum();
        long unsuccessful = failed.sum();
        long aborted = cancelled.sum();
        long late = timedOut.sum();
        return new Snapshot(issued.sum(), ended, unsuccessful, aborted, late);
    }

    /** The number of operations that have been initiated and whose handler has not been called. */
    public long outstanding() {
        return snapshot().outstanding();
    }

    /**
     * What the counters stood at.
     *
     * @param issued operations initiated
     * @param completed of them, those that ended with {@code completed}
     * @param failed those that ended with {@code failed}, but for the next two
     * @param cancelled those that the application cancelled
     * @param timedOut those whose own timeout elapsed
     */
    public record Snapshot(long issued, long completed, long failed, long cancelled,
            long timedOut) {

        /** Returns the number of operations whose handler has not been called yet. */
        public long outstanding() {
            return issued - ended();
        }

        /** Returns the number of operations whose handler has been called. */
        public long ended() {
            return completed + failed + cancelled + timedOut;
        }
    }
}
