package io.proactor.operation;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZLI_Result;

/**
 * A lease is released while a write of its bytes begins: the buffer goes back to its pool exactly
 * if the write was refused.
 *
 * <p>A release that stores where it should compare and set makes it fail.
 */
@JCStressTest
@org.openjdk.jcstress.annotations.Outcome(id = "true, refused, 0", expect = Expect.ACCEPTABLE,
        desc = "the write came first, and keeps the buffer")
@org.openjdk.jcstress.annotations.Outcome(id = "false, released, 1", expect = Expect.ACCEPTABLE,
        desc = "the release came first")
@org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN,
        desc = "a buffer that is written belongs to somebody else, or to nobody")
@State
public class LeaseLitmus {

    private final AtomicInteger returned = new AtomicInteger();
    private final ReceiveBuffer buffer =
            new ReceiveBuffer(ByteBuffer.allocate(0), new ReceiveBuffer.Source() {
                @Override
                public void giveBack(ReceiveBuffer back) {
                    returned.incrementAndGet();
                }

                @Override
                public void forfeit(ReceiveBuffer lost) {
                    throw new AssertionError("nobody lost it");
                }
            });
    private final long generation = buffer.lease();

    @Actor
    public void writes(ZLI_Result result) {
        result.r1 = buffer.pin(generation);
    }

    @Actor
    public void releases(ZLI_Result result) {
        try {
            result.r2 = buffer.release(generation) ? "released" : "stale";
        } catch (IllegalStateException pinned) {
            result.r2 = "refused";
        }
    }

    @Arbiter
    public void counts(ZLI_Result result) {
        result.r3 = returned.get();
    }
}
