package io.proactor.operation;

import io.proactor.operation.AbortLitmus.Pending;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Whoever reads that an operation is complete sees its cause: the state alone publishes it, without
 * the fences of a queue.
 *
 * <p>A completion that stores the cause a moment after the state makes it fail. On x86, where
 * stores keep their order, it is the compiler that this watches.
 */
@JCStressTest
@org.openjdk.jcstress.annotations.Outcome(id = "null", expect = Expect.ACCEPTABLE,
        desc = "not complete yet")
@org.openjdk.jcstress.annotations.Outcome(id = "cause", expect = Expect.ACCEPTABLE,
        desc = "complete, with its cause")
@org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN,
        desc = "complete, but what it completed with is not there")
@State
public class CompletionLitmus extends Pending {

    @Actor
    public void processor() {
        operation.complete(new Exception("cause"));
    }

    @Actor
    public void dispatcher(L_Result result) {
        if (operation.completed()) {
            result.r1 = dispatch();
        }
    }
}
