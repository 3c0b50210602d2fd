package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.OperationCancelledException;
import io.proactor.Proactor;
import io.proactor.SocketClosedException;
import io.proactor.Strand;
import io.proactor.Timer;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T27: timers. */
interface TimerContract extends Contract {

    @Test
    @DisplayName("T27 a one-shot timer of 50 ms fires once, not early")
    default void oneShotFiresOnceAndNotEarly() throws Exception {
        Timer timer = newTimer();
        for (int i = 0; i < 3; i++) {
            Recorder<Void> tick = bench().recorder();
            long startNanos = System.nanoTime();
            timer.schedule(50, TimeUnit.MILLISECONDS, "attached", tick);
            assertThat(tick.within(750).value()).isNull();
            assertThat(tick.millisSince(startNanos)).isGreaterThanOrEqualTo(50);
            assertThat(tick.attachment()).isEqualTo("attached");
        }
    }

    @Test
    @DisplayName("T27 no timer fires early, whatever its delay")
    default void noTimerFiresEarly() throws Exception {
        List<Recorder<Void>> ticks = new ArrayList<>();
        List<Long> dueNanos = new ArrayList<>();
        for (int delayMicros = 0; delayMicros < 100_000; delayMicros += 777) {
            Recorder<Void> tick = bench().recorder();
            dueNanos.add(System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(delayMicros));
            newTimer().schedule(delayMicros, TimeUnit.MICROSECONDS, null, tick);
            ticks.add(tick);
        }
        for (int i = 0; i < ticks.size(); i++) {
            ticks.get(i).value();
            assertThat(ticks.get(i).nanosSince(dueNanos.get(i))).isGreaterThanOrEqualTo(0);
        }
    }

    @Test
    @DisplayName("T27 a repeating timer of 20 ms ticks 5 times and on, until it is cancelled")
    default void repeatingTimerTicksUntilCancelled() throws Exception {
        Ticks ticks = new Ticks(new CountDownLatch(5), () -> { });
        Timer timer = newTimer();
        long startNanos = System.nanoTime();
        timer.scheduleRepeatedly(20, 20, TimeUnit.MILLISECONDS, null, ticks);
        assertThat(Until.within(2_500, () -> ticks.enough.getCount() == 0)).isTrue();
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(100_000_000);
        assertThat(timer.cancel()).isTrue();
        ticks.awaitEnd(OperationCancelledException.class);
        Recorder<Void> again = bench().recorder();
        timer.schedule(1, TimeUnit.MILLISECONDS, null, again);
        again.value();
    }

    /** Ticks are due every 10 ms from the start on; of those missed, one comes late at most. */
    @Test
    @DisplayName("T27 ticks that a slow handler missed are left out, not made up for")
    default void missedTicksAreLeftOut() throws Exception {
        Timer timer = newTimer();
        AtomicBoolean first = new AtomicBoolean(true);
        CountDownLatch tenth = new CountDownLatch(10);
        long startNanos = System.nanoTime();
        timer.scheduleRepeatedly(10, 10, TimeUnit.MILLISECONDS, null,
                new Ticks(tenth, () -> {
                    while (first.get() && System.nanoTime() - startNanos < 100_000_000) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    first.set(false);
                }));
        Bench.pass(tenth);
        // The first one ends at 100, the second is late, and the third is due at 100 or later.
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(170_000_000);
        assertThat(timer.cancel()).isTrue();
    }

    @Test
    @DisplayName("T27 a repetition ends once, and no tick follows, whenever it is cancelled")
    default void repetitionEndsOnceWheneverItIsCancelled() throws Exception {
        for (int round = 0; round < 100; round++) {
            Timer timer = newTimer();
            AtomicInteger afterTheEnd = new AtomicInteger();
            Ticks ticks = new Ticks(new CountDownLatch(1_000_000), () -> { });
            ticks.onTick(() -> afterTheEnd.addAndGet(ticks.cause.get() == null ? 0 : 1));
            timer.scheduleRepeatedly(0, 200, TimeUnit.MICROSECONDS, null, ticks);
            assertThatThrownBy(() -> timer.schedule(1, TimeUnit.HOURS, null, bench().recorder()))
                    .isInstanceOf(IllegalStateException.class);
            LockSupport.parkNanos(round * 20_000L);
            if (round % 4 == 0) {
                timer.close();
                ticks.awaitEnd(SocketClosedException.class);
            } else {
                assertThat(timer.cancel()).isTrue();
                ticks.awaitEnd(OperationCancelledException.class);
                assertThat(timer.cancel()).isFalse();
            }
            assertThat(afterTheEnd.get()).isZero();
        }
    }

    @Test
    @DisplayName("T27 a tick's own handler may cancel the repetition")
    default void tickMayCancelTheRepetition() throws Exception {
        Timer timer = newTimer();
        Ticks ticks = new Ticks(new CountDownLatch(2), timer::cancel);
        timer.scheduleRepeatedly(1, 1, TimeUnit.MILLISECONDS, null, ticks);
        ticks.awaitEnd(OperationCancelledException.class);
        Recorder<Void> again = bench().recorder();
        timer.schedule(1, TimeUnit.MILLISECONDS, null, again);
        again.value();
        assertThat(ticks.enough.getCount()).as("one tick, one end").isZero();
    }

    @Test
    @DisplayName("T27 cancelled before its time: true, and Cancelled is delivered at once")
    default void cancelBeforeExpiryIsDelivered() throws Exception {
        Timer timer = newTimer();
        Recorder<Void> tick = bench().recorder();
        timer.schedule(1, TimeUnit.HOURS, null, tick);
        assertThat(timer.cancel()).isTrue();
        tick.within(500);
        assertThat(tick.failure(OperationCancelledException.class).bytesMoved()).isZero();
        assertThat(timer.cancel()).isFalse();
    }

    /**
     * A later timer on the one wheel has fired, so the earlier one's completion is on its queue.
     */
    @Test
    @DisplayName("T27 cancelled when its expiry was queued: false, and success is delivered")
    default void cancelAfterExpiryIsRefused() throws Exception {
        Require.threadsOfItsOwn(bench());
        Proactor proactor = bench().open(options -> options.withLoops(1));
        Strand strand = proactor.newStrand();
        CountDownLatch leave = bench().gate();
        strand.execute(() -> Bench.pass(leave));
        Timer timer = newTimer();
        timer.bind(strand);
        Recorder<Void> tick = bench().recorder();
        timer.schedule(1, TimeUnit.MILLISECONDS, null, tick);
        Recorder<Void> later = bench().recorder();
        newTimer().schedule(50, TimeUnit.MILLISECONDS, null, later);
        later.value();
        assertThat(timer.cancel()).isFalse();
        assertThat(tick.calls()).isZero();
        leave.countDown();
        assertThat(tick.value()).isNull();
    }

    @Test
    @DisplayName("T27 10,000 timers all fire, each once and none early")
    default void tenThousandTimersFire() throws Exception {
        List<Recorder<Void>> ticks = new ArrayList<>();
        long startNanos = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            Recorder<Void> tick = bench().recorder();
            newTimer().schedule(200 + i % 300, TimeUnit.MILLISECONDS, null, tick);
            ticks.add(tick);
        }
        for (int i = 0; i < ticks.size(); i++) {
            ticks.get(i).value();
            assertThat(ticks.get(i).millisSince(startNanos)).isGreaterThanOrEqualTo(200 + i % 300);
        }
        assertThat(ticks).allMatch(tick -> tick.calls() == 1);
    }

    @Test
    @DisplayName("T27 10,000 cancelled timers hold nothing of what was attached to them")
    default void cancelledTimersHoldNoMemory() throws Exception {
        List<Timer> timers = new ArrayList<>();
        List<WeakReference<byte[]>> attached = new ArrayList<>();
        CountDownLatch told = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            timers.add(scheduleWithAttachment(attached, new Ticks(told, () -> { })));
        }
        assertThat(timers).allMatch(Timer::cancel);
        Bench.pass(told);
        Until.until("every attachment is garbage", () -> {
            System.gc();
            return attached.stream().allMatch(reference -> reference.get() == null);
        });
    }

    /** In a method of its own, so that no local variable of the test holds an attachment. */
    private Timer scheduleWithAttachment(List<WeakReference<byte[]>> attached, Ticks ticks)
            throws IOException {
        byte[] attachment = new byte[1_024];
        attached.add(new WeakReference<>(attachment));
        Timer timer = newTimer();
        timer.schedule(1, TimeUnit.HOURS, attachment, ticks);
        return timer;
    }

    @Test
    @DisplayName("T27 a closed timer ends its wait once, and later ones at once")
    default void closeEndsTheWaitOnce() throws Exception {
        Timer timer = newTimer();
        Recorder<Void> tick = bench().recorder();
        timer.schedule(1, TimeUnit.HOURS, null, tick);
        timer.close();
        timer.close();
        tick.failure(SocketClosedException.class);
        Recorder<Void> late = bench().recorder();
        timer.schedule(1, TimeUnit.MILLISECONDS, null, late);
        late.failure(SocketClosedException.class);
        assertThat(timer.cancel()).isFalse();
    }

    @Test
    @DisplayName("T27 one wait at a time, and no period of 0: misuse is refused and harmless")
    default void misuseOfTimerIsRefused() throws Exception {
        Timer timer = newTimer();
        Recorder<Void> tick = bench().recorder();
        timer.schedule(50, TimeUnit.MILLISECONDS, null, tick);
        assertThatThrownBy(() -> timer.schedule(1, TimeUnit.HOURS, null, bench().recorder()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> timer.scheduleRepeatedly(1, 0, TimeUnit.HOURS, null,
                bench().recorder())).isInstanceOf(IllegalArgumentException.class);
        tick.value();
    }

    @Test
    @DisplayName("T27 a handler can schedule its timer again, and times in the past are due at "
            + "once")
    default void handlerCanScheduleAgain() throws Exception {
        Timer timer = newTimer();
        Recorder<Void> second = bench().recorder();
        Recorder<Void> first = bench().recorder(
                call -> timer.schedule(-1, TimeUnit.DAYS, null, second));
        timer.schedule(Long.MIN_VALUE, TimeUnit.NANOSECONDS, null, first);
        second.value();
    }

    private Timer newTimer() throws IOException {
        return bench().keep(bench().proactor().newTimer());
    }

    /** Counts ticks, and keeps the cause of the end. */
    final class Ticks implements CompletionHandler<Void, Object> {
        final CountDownLatch enough;
        final AtomicReference<Throwable> cause = new AtomicReference<>();
        private volatile Runnable body;

        Ticks(CountDownLatch enough, Runnable body) {
            this.enough = enough;
            this.body = body;
        }

        void onTick(Runnable action) {
            body = action;
        }

        void awaitEnd(Class<? extends Throwable> type) throws Exception {
            Until.until("the end is told", () -> cause.get() != null);
            assertThat(cause.get()).isExactlyInstanceOf(type);
        }

        @Override
        public void completed(Void result, Object attachment) {
            body.run();
            enough.countDown();
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            if (!cause.compareAndSet(null, failure)) {
                throw new AssertionError("The end was told twice.", failure);
            }
            enough.countDown();
        }
    }
}
