package io.proactor.engine.event;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A command that is offered while the loop lies down: either the loop sees it and stays up, or the
 * producer sees the nap and ends it.
 *
 * <p>A nap that is announced with an ordered store makes it fail.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the loop sleeps and is woken")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "the loop sees the command")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "both see each other")
@Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "the wake-up is lost")
@State
public class NapLitmus {

    private boolean woken;  // the producer's
    private final CommandQueue<Object> commands = new CommandQueue<>(() -> woken = true);

    @Actor
    public void producer(ZZ_Result result) {
        commands.offer(this);
        result.r1 = woken;
    }

    @Actor
    public void loop(ZZ_Result result) {
        result.r2 = commands.nap();
    }
}
