package io.proactor.engine.dispatch;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The pair that the pooled dispatcher rests on: one adds an event and then reads the vacancy, the
 * other makes a vacancy and then looks at the queue. At least one of them sees the other, be the
 * event in the array or, as in {@link Overflowing}, behind it.
 *
 * <p>A vacancy that is made with an ordered store and without a fence makes it fail.
 */
public class VacancyLitmus {

    private static final CompletionEvent EVENT = new CompletionEvent() {
        @Override
        public void dispatch(HandlerRunner runner) {
            throw new AssertionError("nobody dispatches it");
        }
    };

    /** The queue, and what stands for the permits. */
    public static class Pair {
        final CompletionEventQueue queue = new CompletionEventQueue(2);
        volatile boolean vacancy;

        boolean addAndLook() {
            queue.add(EVENT);
            VarHandle.fullFence();
            return vacancy;
        }

        boolean leaveAndLook() {
            vacancy = true;
            VarHandle.fullFence();
            return !queue.isEmpty();
        }
    }

    /** There is room in the array. */
    @JCStressTest
    @Outcome(id = {"true, true", "true, false", "false, true"}, expect = Expect.ACCEPTABLE,
            desc = "one of them sees the other")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the event is forgotten")
    @State
    public static class Fitting extends Pair {

        @Actor
        public void producer(ZZ_Result result) {
            result.r1 = addAndLook();
        }

        @Actor
        public void dispatcher(ZZ_Result result) {
            result.r2 = leaveAndLook();
        }
    }

    /** The dispatcher takes the two events that fill the array, and goes. */
    @JCStressTest
    @Outcome(id = {"true, true", "true, false", "false, true"}, expect = Expect.ACCEPTABLE,
            desc = "one of them sees the other")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the event is forgotten")
    @State
    public static class Overflowing extends Pair {

        public Overflowing() {
            queue.add(EVENT);
            queue.add(EVENT);
        }

        @Actor
        public void producer(ZZ_Result result) {
            result.r1 = addAndLook();
        }

        @Actor
        public void dispatcher(ZZ_Result result) {
            queue.poll();
            queue.poll();
            result.r2 = leaveAndLook();
        }
    }
}
