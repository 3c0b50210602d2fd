package io.proactor.operation;

import java.nio.channels.CompletionHandler;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * An abort against the completion, and two aborts against each other.
 *
 * <p>An abort that stores where it should compare and set makes both fail.
 */
public class AbortLitmus {

    private static final OperationTable TABLE = new OperationTable();

    /** One timer that is pending. */
    public static class Pending implements OperationOwner, CompletionHandler<Void, Object> {
        final TimerOperation operation;
        final long id;
        private final HandlerRunner runner = new HandlerRunner((thrown, of, owner) -> {
            throw new AssertionError(thrown);
        });
        private String outcomes = "";

        @SuppressWarnings("this-escape")  // to an operation that nobody else knows
        public Pending() {
            operation = new TimerOperation(this, TABLE);
            TABLE.unregister(operation);  // one slot is enough for all of them
            operation.claim();
            operation.prepareAt(0, null, this);
            operation.initiate(0);
            id = operation.id();
        }

        void complete() {
            AbortReason reason = operation.aborting();
            operation.complete(reason == null ? null : new Exception(reason.name()));
        }

        String dispatch() {
            operation.dispatch(runner);
            return outcomes;
        }

        @Override
        public void completed(Void result, Object attachment) {
            outcomes += "COMPLETED";
        }

        @Override
        public void failed(Throwable cause, Object attachment) {
            outcomes += cause.getMessage();
        }

        @Override
        public void onAbort(AsynchronousOperation aborted) {
            // The processor looks by itself.
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

    /** One abort, while the processor completes. */
    @JCStressTest
    @org.openjdk.jcstress.annotations.Outcome(id = "true, CANCELLED", expect = Expect.ACCEPTABLE,
            desc = "in time")
    @org.openjdk.jcstress.annotations.Outcome(id = "true, COMPLETED", expect = Expect.ACCEPTABLE,
            desc = "the processor had looked already, and reports the success")
    @org.openjdk.jcstress.annotations.Outcome(id = "false, COMPLETED", expect = Expect.ACCEPTABLE,
            desc = "too late")
    @org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN,
            desc = "cancelled by nobody, or not exactly one outcome")
    @State
    public static class AgainstCompletion extends Pending {

        @Actor
        public void aborter(ZL_Result result) {
            result.r1 = operation.abort(id, AbortReason.CANCELLED);
        }

        @Actor
        public void processor() {
            complete();
        }

        @Arbiter
        public void dispatcher(ZL_Result result) {
            result.r2 = dispatch();
        }
    }

    /** Two aborts with different reasons. */
    @JCStressTest
    @org.openjdk.jcstress.annotations.Outcome(id = "true, false, CANCELLED",
            expect = Expect.ACCEPTABLE, desc = "the first")
    @org.openjdk.jcstress.annotations.Outcome(id = "false, true, TIMED_OUT",
            expect = Expect.ACCEPTABLE, desc = "the second")
    @org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN,
            desc = "not exactly one of them, or its reason was lost")
    @State
    public static class AgainstAnother extends Pending {

        @Actor
        public void canceller(ZZL_Result result) {
            result.r1 = operation.abort(id, AbortReason.CANCELLED);
        }

        @Actor
        public void clock(ZZL_Result result) {
            result.r2 = operation.abort(id, AbortReason.TIMED_OUT);
        }

        @Arbiter
        public void dispatcher(ZZL_Result result) {
            complete();
            result.r3 = dispatch();
        }
    }
}
