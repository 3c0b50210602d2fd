package io.proactor.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Deadline;
import io.proactor.operation.OperationTable;
import io.proactor.operation.TimerOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The wheel against a model that keeps a plain list, in virtual time. */
final class TimingWheelTest {

    private static final long MILLI = 1_000_000;
    private static final long TICK = 1 << 20;

    /** Deadlines without an operation are told by the id 0, so each has a target of its own. */
    private static final class Target implements Timed {
        final long deadlineNanos;
        int told;
        long toldAtNanos;
        long nowNanos;

        Target(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public void onDeadline(AsynchronousOperation operation, long id) {
            told++;
            toldAtNanos = nowNanos;
        }
    }

    @Test
    void aDeadlineIsToldOnceAndNeverEarly() {
        for (long delay : new long[] {0, 1, TICK - 1, TICK, TICK + 1, 63 * TICK, 64 * TICK, 65 * TICK,
                4095 * TICK, 4096 * TICK, 4097 * TICK, 1_000_000 * TICK, 20_000_000_000L * MILLI}) {
            long start = -12_345;
            TimingWheel wheel = new TimingWheel(start);
            Target target = new Target(start + delay);
            wheel.arm(target, null, target.deadlineNanos);
            long now = start;
            int looks = 0;
            while (target.told == 0) {
                long sleep = wheel.nanosToNext(now);
                assertThat(sleep).isGreaterThanOrEqualTo(0);
                now += Math.max(1, sleep);
                target.nowNanos = now;
                wheel.expire(now);
                assertThat(++looks).as("looks for a delay of %d", delay).isLessThan(200);
            }
            assertThat(target.toldAtNanos).isGreaterThanOrEqualTo(target.deadlineNanos);
            assertThat(target.toldAtNanos - target.deadlineNanos).isLessThanOrEqualTo(2 * TICK);
            assertThat(wheel.armed()).isZero();
            assertThat(wheel.nanosToNext(now)).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void theFarthestDeadlineFitsWhereverTheWheelStands() {
        for (long ticks : new long[] {0, 1, 63, 64, 65, 100, 5_000, (1L << 30) - 1, 1L << 30}) {
            TimingWheel wheel = new TimingWheel(0);
            Target near = new Target(ticks * TICK);
            wheel.arm(near, null, near.deadlineNanos);
            wheel.expire((ticks + 1) * TICK);
            assertThat(near.told).isEqualTo(1);
            Target far = new Target(Long.MAX_VALUE >> 1);
            wheel.arm(far, null, far.deadlineNanos);
            wheel.expire((ticks + 10_000) * TICK);
            assertThat(far.told).isZero();
            assertThat(wheel.armed()).isEqualTo(1);
        }
    }

    @Test
    void randomDeadlinesMatchTheModel() {
        long seed = Long.getLong("proactor.test.seed", System.nanoTime());
        System.out.println("TimingWheelTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            long now = random.nextLong() >> 2;
            TimingWheel wheel = new TimingWheel(now);
            List<Target> waiting = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    long delay = (long) Math.exp(random.nextDouble() * 30);
                    Target target = new Target(now + delay);
                    wheel.arm(target, null, target.deadlineNanos);
                    waiting.add(target);
                }
                now += (long) Math.exp(random.nextDouble() * 28);
                for (Target each : waiting) {
                    each.nowNanos = now;
                }
                wheel.expire(now);
                for (Target each : waiting) {
                    long late = now - each.deadlineNanos;
                    if (late < 0) {
                        assertThat(each.told).as("early").isZero();
                    } else if (late >= 2 * TICK) {
                        assertThat(each.told).as("missed").isEqualTo(1);
                    }
                }
                waiting.removeIf(each -> each.told > 0);
                assertThat(wheel.armed()).isEqualTo(waiting.size());
            }
        }
    }

    @Test
    void aDisarmedDeadlineIsNotToldEvenIfItsNeighbourDisarmsIt() {
        TimingWheel wheel = new TimingWheel(0);
        List<Deadline> deadlines = new ArrayList<>();
        int[] told = {0};
        for (int i = 0; i < 100; i++) {
            // Whichever comes first disarms all the others of the same tick.
            deadlines.add(wheel.arm((operation, id) -> {
                told[0]++;
                deadlines.forEach(Deadline::disarm);
                deadlines.clear();
            }, new TimerOperation(null, new OperationTable()),
                    5 * MILLI));
        }
        wheel.expire(10 * MILLI);
        assertThat(told[0]).isEqualTo(1);
        assertThat(wheel.armed()).isZero();
    }

    @Test
    void aDeadlineThatIsArmedWhileOthersExpireComesInItsTime() {
        TimingWheel wheel = new TimingWheel(0);
        List<Long> told = new ArrayList<>();
        long[] now = {0};
        wheel.arm((operation, id) ->
                wheel.arm((inner, innerId) -> told.add(now[0]), null, now[0] + MILLI), null, MILLI);
        for (int i = 1; i < 20; i++) {
            now[0] = i * MILLI;
            wheel.expire(now[0]);
        }
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).isBetween(2 * MILLI, 6 * MILLI);
    }
}
