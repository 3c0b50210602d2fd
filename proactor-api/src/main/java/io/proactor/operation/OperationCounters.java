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

    private final LongAdder asked = new LongAdder();    // initiations, refused ones included
    private final LongAdder refused = new LongAdder();  // counted after they were asked
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    /** Makes counters that stand at 0. */
    public OperationCounters() {}

    /** An operation was initiated. Any thread. */
    public void issued() {
        asked.increment();
    }

    /** An initiation was refused after all: it counts as never issued. Any thread. */
    public void revoked() {
        refused.increment();
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
     * A reading of all counters. Exact when nothing is in flight. Otherwise each number is right
     * for some moment of the call, and nothing that is outstanding all the time is missed: what
     * lowers the number is read before what raises it, and was counted after it.
     */
    public Snapshot snapshot() {
        long ended = completed.sum();
        long unsuccessful = failed.sum();
        long aborted = cancelled.sum();
        long late = timedOut.sum();
        long taken = refused.sum();
        return new Snapshot(asked.sum() - taken, ended, unsuccessful, aborted, late);
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
