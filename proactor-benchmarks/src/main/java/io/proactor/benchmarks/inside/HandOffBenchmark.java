package io.proactor.benchmarks.inside;

import io.proactor.engine.event.CommandQueue;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Control;

/** Commands from threads to a loop: ours, which is JCTools' behind a nap, against the JDK's. */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HandOffBenchmark {

    private static final int CAPACITY = 1 << 16;
    private static final Object COMMAND = new Object();

    /** Which queue. */
    @Param({"CommandQueue", "ArrayBlockingQueue", "LinkedBlockingQueue", "ConcurrentLinkedQueue"})
    public String kind = "";

    private Supplier<Boolean> offer = () -> false;
    private Supplier<@Nullable Object> poll = () -> null;

    /** Makes the queue. */
    @Setup
    public void open() {
        if (kind.equals("CommandQueue")) {
            CommandQueue<Object> queue = new CommandQueue<>(() -> {});
            offer = () -> {
                queue.offer(COMMAND);
                return true;
            };
            poll = queue::poll;
            return;
        }
        Queue<Object> queue = switch (kind) {
            case "ArrayBlockingQueue" -> new ArrayBlockingQueue<>(CAPACITY);
            case "LinkedBlockingQueue" -> new LinkedBlockingQueue<>(CAPACITY);
            default -> new ConcurrentLinkedQueue<>();
        };
        offer = () -> queue.offer(COMMAND);
        poll = queue::poll;
    }

    /** A producer; it waits for the consumer where the queue has a bound. */
    @Benchmark
    @Group("handOff")
    @GroupThreads(1)
    public void produce(Control control) {
        while (!offer.get() && !control.stopMeasurement) {
            Thread.onSpinWait();
        }
    }

    /** The consumer, which counts what it has got. */
    @Benchmark
    @Group("handOff")
    @GroupThreads(1)
    public @Nullable Object consume(Control control) {
        Object command;
        while ((command = poll.get()) == null && !control.stopMeasurement) {
            Thread.onSpinWait();
        }
        return command;
    }
}
