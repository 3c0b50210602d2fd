package io.proactor.benchmarks.inside;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An entry of the submission queue: to fill it, and to fill it, have the kernel take it, and reap
 * its completion. A whole queue of 256 at a time, as many as a loop's has; so what a reading of the
 * clock costs, before and after, is nothing beside it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RingFillBenchmark {

    private static final int ENTRIES = 256;

    private final long[] userData = new long[ENTRIES];
    private final int[] results = new int[ENTRIES];
    private final int[] flags = new int[ENTRIES];
    private @Nullable RingByName ring;

    // Entries that were filled and not submitted.
    private int filled;

    /** Opens the ring, which is this thread's then. */
    @Setup(Level.Trial)
    public void open() {
        ring = new RingByName(ENTRIES, 2 * ENTRIES);
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
        opened().close();
    }

    /** Makes room, outside of what is measured. */
    @TearDown(Level.Invocation)
    public void empty() {
        if (filled > 0) {
            submit();
        }
    }

    /** Fills all entries. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void fill() {
        RingByName open = opened();
        for (int i = 0; i < ENTRIES; i++) {
            open.prepareNop(i, 4_096L * i, 4_096, i);
        }
        filled = ENTRIES;
    }

    /** Fills all entries, and has them done. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void fillSubmitAndReap() {
        fill();
        submit();
    }

    private void submit() {
        RingByName open = opened();
        int taken = open.enter(ENTRIES);
        int reaped = open.reap(userData, results, flags);
        if (taken != ENTRIES || reaped != ENTRIES) {
            throw new IllegalStateException(taken + " were taken and " + reaped + " came back.");
        }
        filled = 0;
    }

    private RingByName opened() {
        RingByName open = ring;
        if (open == null) {
            throw new IllegalStateException("It is opened before.");
        }
        return open;
    }
}
