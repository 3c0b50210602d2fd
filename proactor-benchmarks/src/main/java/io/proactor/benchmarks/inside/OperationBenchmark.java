package io.proactor.benchmarks.inside;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.HandlerRunner;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.OperationTable;
import io.proactor.operation.Outcome;
import io.proactor.operation.ReadOperation;
import io.proactor.spi.CompletionSequence;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The life of an operation, from its claim to the return of its handler, without any I/O. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OperationBenchmark implements CompletionHandler<Integer, Object> {

    private final HandlerRunner runner = new HandlerRunner((thrown, id, owner) -> {
        throw new AssertionError(thrown);
    });
    private final ReadOperation operation = new ReadOperation(new Nobody(), new OperationTable());
    private final ByteBuffer target = ByteBuffer.allocateDirect(64);

    // Runs what it is given at once, as the holder of a strand or of a socket's order does.
    private final CompletionSequence sequence =
            new CompletionSequence(event -> event.dispatch(runner));

    private long bytes;

    /** The operation by itself. */
    @Benchmark
    public long life() {
        begin();
        operation.dispatch(runner);
        return bytes;
    }

    /** The same through a strand. */
    @Benchmark
    public long lifeOnStrand() {
        begin();
        sequence.enqueue(operation);
        return bytes;
    }

    private void begin() {
        if (!operation.claim()) {
            throw new AssertionError("nobody else has it");
        }
        operation.prepare(target.clear(), 0, 0, this, this);
        operation.initiate(0);
        operation.complete(null);
    }

    @Override
    public void completed(Integer count, Object attachment) {
        bytes += count;
    }

    @Override
    public void failed(Throwable cause, Object attachment) {
        throw new AssertionError(cause);
    }

    private static final class Nobody implements OperationOwner {
        @Override
        public void onAbort(AsynchronousOperation operation) {
            throw new AssertionError("nothing is aborted");
        }

        @Override
        public void onRetire(AsynchronousOperation operation, Outcome outcome) {
            // Nothing is counted.
        }

        @Override
        public void onHandled(Kind kind) {
            // Nothing is counted.
        }
    }
}
