package io.proactor.engine.event;

import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * The only buffer comes back while somebody asks for one: either he gets it, or he is told that it
 * is there.
 *
 * <p>A line that is not looked at once more, after the buffer has become available, makes it fail.
 */
@JCStressTest
@Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "it had come back")
@Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "he waits, and is told")
@Outcome(expect = Expect.FORBIDDEN, desc = "he waits for ever, or is told for nothing")
@State
public class ReceiveLineLitmus {

    private final ReceiveBuffers buffers = new ReceiveBuffers(new ReceiveLimits(64, 1, 1));
    private final ReceiveBuffer out = new ReceiveClaim(buffers, () -> { }).take();
    private final AtomicInteger signals = new AtomicInteger();
    private final ReceiveClaim claim = new ReceiveClaim(buffers, signals::incrementAndGet);

    @Actor
    public void returns() {
        out.giveBack();
    }

    @Actor
    public void asks(ZI_Result result) {
        result.r1 = claim.take() != null;
    }

    @Arbiter
    public void told(ZI_Result result) {
        result.r2 = signals.get();
    }
}
