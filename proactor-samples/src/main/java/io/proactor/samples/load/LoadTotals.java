package io.proactor.samples.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What all connections have achieved together. Any thread. */
final class LoadTotals {

    private static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;  // a thousandth is finer than the clock deserves

    /** The first failures tell the story; thousands of their like do not tell it better. */
    private static final int FAILURES_TOLD_MAX = 10;

    private final LongAdder messages = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Recorder latency = new Recorder(1, LATENCY_NANOS_MAX, DIGITS);

    // Guarded by this.
    private final List<String> told = new ArrayList<>();
    private long failures;

    /** So many bytes came back, and they are the right ones. */
    void verified(int count) {
        bytes.add(count);
    }

    /** A message came back completely. */
    void answered(long latencyNanos) {
        messages.increment();
        latency.recordValue(Math.min(Math.max(1, latencyNanos), LATENCY_NANOS_MAX));
    }

    synchronized void failed(String reason) {
        failures++;
        if (told.size() < FAILURES_TOLD_MAX) {
            told.add(reason);
        }
    }

    long messages() {
        return messages.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    synchronized long failures() {
        return failures;
    }

    /** Returns the first failures, for people to read. */
    synchronized List<String> told() {
        return List.copyOf(told);
    }

    /** Returns all latencies, in nanoseconds. To be called once, at the end. */
    Histogram latencies() {
        return latency.getIntervalHistogram();
    }
}
