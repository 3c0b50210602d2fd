package io.proactor.engine.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Why a producer needs the full fence: an ordered store, with which JCTools publishes, may be
 * passed by the reading of the flag behind it. With the fence, whoever comes second sees the other.
 */
public class OrderedStoreLitmus {

    private static final VarHandle PUBLISHED;

    static {
        try {
            PUBLISHED = MethodHandles.lookup()
                    .findVarHandle(Slot.class, "published", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A queue of one, and the nap of who waits for it. */
    public static class Slot {
        volatile boolean published;
        volatile boolean napping;

        void publish() {
            PUBLISHED.setRelease(this, true);
        }

        boolean seesCommand() {
            napping = true;
            return published;
        }
    }

    /** As the command queue does it. */
    @JCStressTest
    @Outcome(id = {"true, true", "true, false", "false, true"}, expect = Expect.ACCEPTABLE,
            desc = "one of them sees the other")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the wake-up is lost")
    @State
    public static class WithFence extends Slot {

        @Actor
        public void producer(ZZ_Result result) {
            publish();
            VarHandle.fullFence();
            result.r1 = napping;
        }

        @Actor
        public void loop(ZZ_Result result) {
            result.r2 = seesCommand();
        }
    }

    /** As it must not be done. */
    @JCStressTest
    @Outcome(id = {"true, true", "true, false", "false, true"}, expect = Expect.ACCEPTABLE,
            desc = "one of them sees the other")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "the wake-up is lost, which is what the fence is for")
    @State
    public static class WithoutFence extends Slot {

        @Actor
        public void producer(ZZ_Result result) {
            publish();
            result.r1 = napping;
        }

        @Actor
        public void loop(ZZ_Result result) {
            result.r2 = seesCommand();
        }
    }
}
