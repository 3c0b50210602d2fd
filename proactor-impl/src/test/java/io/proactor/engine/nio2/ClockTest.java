package io.proactor.engine.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.Deadline;
import io.proactor.spi.ProcessorContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock's thread: never early, never deaf. */
final class ClockTest {

    private static final long PATIENCE_SECONDS = 20;

    private final RecordingListener listener = new RecordingListener();
    private final Clock clock = new Clock(
            new ProcessorContext(1, null, 0, Nio2Bench::daemon, "clock-test-", listener));

    @BeforeEach
    void start() {
        clock.start();
    }

    @AfterEach
    void terminate() throws InterruptedException {
        assertThat(clock.terminate(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS))).isTrue();
        assertThat(listener.failures).isEmpty();
    }

    @Test
    void deadlinesComeAndNeverEarly() throws InterruptedException {
        int count = 1_000;
        CountDownLatch come = new CountDownLatch(count);
        AtomicLong earliestNanos = new AtomicLong(Long.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            long deadlineNanos = System.nanoTime() + i % 50 * 1_000_000L;
            clock.arm((operation, id) -> {
                long lateNanos = System.nanoTime() - deadlineNanos;
                earliestNanos.accumulateAndGet(lateNanos, Math::min);
                come.countDown();
            }, null, deadlineNanos);
        }
        assertThat(come.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(earliestNanos).hasNonNegativeValue();
        assertThat(clock.armed()).isZero();
    }

    @Test
    void earlierDeadlineEndsTheSleepForALaterOne() throws InterruptedException {
        Deadline late = clock.arm((operation, id) -> { }, null,
                System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        CountDownLatch come = new CountDownLatch(1);
        clock.arm((operation, id) -> come.countDown(), null, System.nanoTime() + 1_000_000);
        assertThat(come.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(clock.armed()).isEqualTo(1);
        late.disarm();
        assertThat(clock.armed()).isZero();
    }

    @Test
    void disarmedDeadlineDoesNotCome() throws InterruptedException {
        AtomicInteger come = new AtomicInteger();
        List<Deadline> deadlines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            deadlines.add(clock.arm((operation, id) -> come.incrementAndGet(), null,
                    System.nanoTime() + TimeUnit.SECONDS.toNanos(30)));
        }
        deadlines.forEach(Deadline::disarm);
        CountDownLatch last = new CountDownLatch(1);
        clock.arm((operation, id) -> last.countDown(), null, System.nanoTime() + 5_000_000);
        assertThat(last.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(come).hasValue(0);
    }

    /** A target may arm and disarm: it is told without the lock, on the clock's thread. */
    @Test
    void targetsMayUseTheClock() throws InterruptedException {
        CountDownLatch come = new CountDownLatch(100);
        arm(come);
        assertThat(come.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void arm(CountDownLatch come) {
        clock.arm((operation, id) -> {
            come.countDown();
            if (come.getCount() > 0) {
                arm(come);
            }
        }, null, System.nanoTime());
    }

    @Test
    void relayedTasksRunOnTheClocksThread() throws InterruptedException {
        int count = 10_000;
        CountDownLatch run = new CountDownLatch(count);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock.execute(() -> {
                threads.add(Thread.currentThread());
                run.countDown();
            });
        }
        assertThat(run.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(threads).doesNotContain(Thread.currentThread());
        assertThat(threads.stream().distinct()).hasSize(1);
    }
}
