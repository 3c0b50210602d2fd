package io.proactor.benchmarks.inside;

import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.event.ReceiveClaim;
import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A buffer for a receive, from the pool, against a new one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BufferBenchmark {

    private static final ReceiveLimits LIMITS = ReceiveLimits.defaults();

    private final ReceiveBuffers buffers = new ReceiveBuffers(LIMITS);
    private final ReceiveClaim claim = new ReceiveClaim(buffers, () -> {});

    /** Takes one from the pool, and gives it back. */
    @Benchmark
    public @Nullable ReceiveBuffer pooled() {
        ReceiveBuffer buffer = claim.take();
        if (buffer != null) {
            buffers.giveBack(buffer);
        }
        return buffer;
    }

    /** Makes one on the heap. */
    @Benchmark
    public ByteBuffer heap() {
        return ByteBuffer.allocate(LIMITS.bufferBytes());
    }

    /** Makes a direct one, which the collector frees. */
    @Benchmark
    public ByteBuffer direct() {
        return ByteBuffer.allocateDirect(LIMITS.bufferBytes());
    }
}
