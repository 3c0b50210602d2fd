package io.proactor.engine.dispatch;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.OperationTable;
import io.proactor.operation.Outcome;
import io.proactor.operation.ReadOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A handler sees all that was written before its operation was completed: the result or the cause,
 * the bytes in the buffer, and what its initiator attached.
 *
 * <p>A queue that publishes its elements with a plain store could make it fail, on processors that
 * have a weaker memory than x86.
 */
public class EventPublicationLitmus {

    /** One read, from its initiation to its handler. */
    public static class Read implements OperationOwner, CompletionHandler<Integer, int[]> {
        private static final OperationTable TABLE = new OperationTable();

        private final CompletionEventQueue queue = new CompletionEventQueue(2);
        private final ByteBuffer target = ByteBuffer.allocate(8);
        private final ReadOperation operation;
        private final HandlerRunner runner = new HandlerRunner((thrown, id, owner) -> {
            throw new AssertionError(thrown);
        });
        private II_Result result;  // the dispatcher's

        @SuppressWarnings("this-escape")  // to an operation that nobody else knows
        public Read() {
            operation = new ReadOperation(this, TABLE);
            TABLE.unregister(operation);  // one slot is enough for all of them
        }

        void performAndQueue(Throwable cause) {
            operation.claim();
            operation.prepare(target, 1, 0, new int[] {7}, this);
            operation.initiate(0);
            operation.target().put((byte) 42);
            operation.complete(cause);
            queue.add(operation);
        }

        void takeAndDispatch(II_Result result) {
            this.result = result;
            CompletionEvent event = queue.poll();
            if (event != null) {
                event.dispatch(runner);
            }
        }

        @Override
        public void completed(Integer count, int[] attachment) {
            result.r1 = target.get(0);
            result.r2 = count * 10 + attachment[0];
        }

        @Override
        public void failed(Throwable cause, int[] attachment) {
            result.r1 = cause.getMessage().length();
            result.r2 = attachment[0];
        }

        @Override
        public void onAbort(AsynchronousOperation aborted) {
            throw new AssertionError("nobody aborts it");
        }

        @Override
        public void onRetire(AsynchronousOperation retired, Outcome outcome) {
            // Nobody counts here.
        }

        @Override
        public void onHandled(Kind kind) {
            // Nor here.
        }
    }

    /** With a result. */
    @JCStressTest
    @org.openjdk.jcstress.annotations.Outcome(id = "0, 0", expect = Expect.ACCEPTABLE,
            desc = "the event had not come")
    @org.openjdk.jcstress.annotations.Outcome(id = "42, 17", expect = Expect.ACCEPTABLE,
            desc = "the handler saw everything")
    @org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN,
            desc = "the handler saw less than there was")
    @State
    public static class Completed extends Read {

        @Actor
        public void processor() {
            performAndQueue(null);
        }

        @Actor
        public void dispatcher(II_Result result) {
            takeAndDispatch(result);
        }
    }

    /** With a cause. */
    @JCStressTest
    @org.openjdk.jcstress.annotations.Outcome(id = "0, 0", expect = Expect.ACCEPTABLE,
            desc = "the event had not come")
    @org.openjdk.jcstress.annotations.Outcome(id = "5, 7", expect = Expect.ACCEPTABLE,
            desc = "the handler saw everything")
    @org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN,
            desc = "the handler saw less than there was")
    @State
    public static class Failed extends Read {

        @Actor
        public void processor() {
            performAndQueue(new IOException("reset"));
        }

        @Actor
        public void dispatcher(II_Result result) {
            takeAndDispatch(result);
        }
    }
}
