package io.proactor.benchmarks.inside;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A thousand completions from a foreign thread to the handlers, by each dispatcher. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DispatcherBenchmark
        implements CompletionHandler<@Nullable Object, CountDownLatch> {

    private static final int POSTS = 1_000;

    /** Which dispatcher. */
    @Param({"loop", "pooled1", "pooled4", "executor"})
    public String dispatcher = "";

    private @Nullable Proactor proactor;

    /** Opens a proactor. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        ProactorOptions options = ProactorOptions.defaults().withProcessor("queue").withLoops(1);
        proactor = Proactor.open(switch (dispatcher) {
            case "loop" -> options.withLoopDispatcher();
            case "pooled1" -> options.withPooledDispatcher(1);
            case "pooled4" -> options.withPooledDispatcher(4);
            default -> options.withExecutorDispatcher(ForkJoinPool.commonPool());
        });
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
        if (proactor != null) {
            proactor.close();
        }
    }

    /** Posts, and waits for the last handler. */
    @Benchmark
    @OperationsPerInvocation(POSTS)
    public void post() throws InterruptedException {
        Proactor open = proactor;
        if (open == null) {
            throw new IllegalStateException("It is opened before.");
        }
        CountDownLatch latch = new CountDownLatch(POSTS);
        for (int i = 0; i < POSTS; i++) {
            open.post(null, latch, this);
        }
        latch.await();
    }

    @Override
    public void completed(@Nullable Object value, CountDownLatch latch) {
        latch.countDown();
    }

    @Override
    public void failed(Throwable cause, CountDownLatch latch) {
        throw new AssertionError(cause);
    }
}
