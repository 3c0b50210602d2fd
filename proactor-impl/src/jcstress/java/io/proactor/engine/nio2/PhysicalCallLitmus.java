package io.proactor.engine.nio2;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/**
 * The JDK calls the handler of one call twice, on two threads: one of them counts, whole, and the
 * handle is told once. A connection that the loser brings is not lost.
 *
 * <p>Landing with a look and a store makes it fail.
 */
@JCStressTest
@Outcome(id = "value, 1, 0", expect = Expect.ACCEPTABLE, desc = "the success came first")
@Outcome(id = "failure, 1, 1", expect = Expect.ACCEPTABLE, desc = "the failure came first")
@Outcome(expect = Expect.FORBIDDEN, desc = "both counted, or half of each")
@State
public class PhysicalCallLitmus implements Serializer.Member {

    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicInteger unwanted = new AtomicInteger();
    private final PhysicalCall<String> call;

    @SuppressWarnings("this-escape")  // to a serializer that nobody else knows
    public PhysicalCallLitmus() {
        call = new PhysicalCall<>(new Serializer(this, Runnable::run),
                value -> unwanted.incrementAndGet());
        call.begin();
    }

    @Override
    public void onTurn() {
        signals.incrementAndGet();
    }

    @Override
    public void onFailure(Throwable thrown) {
        throw new AssertionError(thrown);
    }

    @Actor
    public void completes() {
        call.completed("value", null);
    }

    @Actor
    public void fails() {
        call.failed(new Exception("failure"), null);
    }

    @Arbiter
    public void looks(LII_Result result) {
        Throwable failure = call.failure();
        result.r1 = failure == null ? call.result() : failure.getMessage();
        result.r2 = signals.get();
        result.r3 = unwanted.get();
    }
}
