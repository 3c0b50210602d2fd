package io.proactor.operation;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;
import static io.proactor.operation.AbortReason.CANCELLED;
import static io.proactor.operation.AbortReason.TIMED_OUT;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The life of an operation under the schedules of two or three threads that a model checker finds.
 * It assumes sequential consistency; what weaker memory does is the affair of the litmus tests.
 *
 * <p>Each of these changes makes a test fail: an abort that does not compare the id; an abort, or a
 * claim, that stores where it should compare and set; an owner that is told before the move is
 * made; a retirement before the result is read; a claim that keeps the generation; a slot that is
 * given back without its generation.
 */
final class OperationModelTest {

    private static final int SCHEDULES = Schedules.of(200);

    /** One operation with all that belongs to it; initiates itself again from its handler. */
    private static final class Life implements OperationOwner, CompletionHandler<Void, Object> {
        final OperationTable table;
        final TimerOperation operation;
        final AtomicInteger told = new AtomicInteger();
        final List<String> outcomes = new CopyOnWriteArrayList<>();
        final List<Object> attachments = new CopyOnWriteArrayList<>();
        private final int lives;
        private final HandlerRunner runner = new HandlerRunner((thrown, id, owner) -> {
            throw new AssertionError(thrown);
        });

        Life(int lives) {
            this(lives, new OperationTable());
        }

        Life(int lives, OperationTable table) {
            this.lives = lives;
            this.table = table;
            operation = new TimerOperation(this, table);
        }

        long initiate() {
            require(operation.claim());
            operation.prepareAt(0, "the first one's", this);
            operation.initiate(0);
            return operation.id();
        }

        /** What a processor and a dispatcher do. */
        void completeAndDispatch() {
            AbortReason reason = operation.aborting();
            operation.complete(reason == null ? null : new Aborted(reason));
            operation.dispatch(runner);
        }

        void mustHaveEnded(int times) {
            require(outcomes.size() == times);
            require(!operation.pending());
            require(!operation.completed());
        }

        @Override
        public void completed(Void result, Object attachment) {
            ended("completed", attachment);
        }

        @Override
        public void failed(Throwable cause, Object attachment) {
            ended(cause.getMessage(), attachment);
        }

        private void ended(String outcome, Object attachment) {
            outcomes.add(outcome);
            attachments.add(attachment);
            if (outcomes.size() < lives) {
                initiate();
            }
        }

        @Override
        public void onAbort(AsynchronousOperation aborted) {
            told.incrementAndGet();
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

    private static final class Aborted extends Exception {
        private static final long serialVersionUID = 1L;

        Aborted(AbortReason reason) {
            super(reason.name(), null, false, false);
        }
    }

    /** Two lives: what the first one's id may do to the second. */
    @Test
    void anAbortByIdNeverHitsALaterLifeAndEachLifeHasOneOutcome() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Life life = new Life(2);
            long id = life.initiate();
            boolean[] aborted = new boolean[1];
            Racer aborter = Racer.start(() -> aborted[0] = life.operation.abort(id, CANCELLED));
            life.completeAndDispatch();
            life.completeAndDispatch();
            finish(aborter);
            life.mustHaveEnded(2);
            require(life.outcomes.get(1).equals("completed"));
            require(aborted[0] || life.outcomes.get(0).equals("completed"));
            require(life.told.get() == (aborted[0] ? 1 : 0));
        });
    }

    @Test
    void ofTwoAbortsOneMakesTheMoveAndItsReasonIsTheOneReported() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Life life = new Life(1);
            long id = life.initiate();
            boolean[] aborted = new boolean[2];
            Racer first = Racer.start(() -> aborted[0] = life.operation.abort(id, CANCELLED));
            Racer second = Racer.start(() -> aborted[1] = life.operation.abort(id, TIMED_OUT));
            finish(first);
            finish(second);
            life.completeAndDispatch();
            life.mustHaveEnded(1);
            require(aborted[0] != aborted[1]);
            require(life.outcomes.get(0).equals(aborted[0] ? "CANCELLED" : "TIMED_OUT"));
            require(life.told.get() == 1);
        });
    }

    @Test
    void ofTwoInitiatorsOneClaimsTheOperation() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Life life = new Life(1);
            boolean[] claimed = new boolean[2];
            Racer first = Racer.start(() -> claimed[0] = life.operation.claim());
            claimed[1] = life.operation.claim();
            finish(first);
            require(claimed[0] != claimed[1]);
            life.operation.abandon();
            require(life.operation.claim());
        });
    }

    /** The initiator comes from another thread, between the retirement and the handler. */
    @Test
    void whoeverClaimsARetiredOperationDoesNotTakeItsResultAway() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Life life = new Life(1);
            life.initiate();
            boolean[] again = new boolean[1];
            Racer initiator = Racer.start(() -> {
                again[0] = life.operation.claim();
                if (again[0]) {
                    life.operation.prepareAt(0, "the next one's", life);
                    life.operation.initiate(0);
                }
            });
            life.completeAndDispatch();
            finish(initiator);
            require(life.outcomes.equals(List.of("completed")));
            require(life.attachments.equals(List.of("the first one's")));
            require(life.operation.pending() == again[0]);
        });
    }

    /** An id that was found in the table, and then the slot got another tenant. */
    @Test
    void anIdOfAnOperationThatGaveItsSlotBackHitsNobody() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Life life = new Life(1);
            long id = life.initiate();
            life.completeAndDispatch();
            boolean[] aborted = new boolean[1];
            Racer aborter = Racer.start(() -> aborted[0] = life.table.abort(id, CANCELLED));
            life.table.unregister(life.operation);
            Life next = new Life(1, life.table);
            long nextId = next.initiate();
            finish(aborter);
            require(nextId != id);
            require(!aborted[0]);
            require(next.operation.aborting() == null);
            require(life.table.find(nextId) == next.operation);
            require(life.table.find(id) == null);
        });
    }
}
