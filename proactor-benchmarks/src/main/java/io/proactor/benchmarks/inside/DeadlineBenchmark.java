package io.proactor.benchmarks.inside;

import io.proactor.engine.event.Timed;
import io.proactor.engine.event.TimingWheel;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Deadline;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Deadlines on the timing wheel: nearly all are taken back, as those of operations are. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeadlineBenchmark {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /** How many deadlines are armed besides. */
    @Param({"0", "10000"})
    public int others;

    // One object, so that what is counted as allocated is the wheel's.
    private final Timed target = this::onDeadline;
    private long now;
    private long expired;
    private TimingWheel wheel = new TimingWheel(0);

    /** Arms the others. */
    @Setup
    public void open() {
        now = 0;
        wheel = new TimingWheel(0);
        for (int i = 1; i <= others; i++) {
            wheel.arm(target, null, LIMIT_NANOS * 1_000 + i);
        }
    }

    /** Arms one and takes it back. */
    @Benchmark
    public void armAndDisarm() {
        Deadline deadline = wheel.arm(target, null, now + LIMIT_NANOS);
        deadline.disarm();
    }

    /** Arms one, and lets time pass until some earlier one has come. */
    @Benchmark
    public long armAndExpire() {
        now += STEP_NANOS;
        wheel.arm(target, null, now + STEP_NANOS);
        wheel.expire(now);
        return expired;
    }

    private void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        expired++;
    }
}
