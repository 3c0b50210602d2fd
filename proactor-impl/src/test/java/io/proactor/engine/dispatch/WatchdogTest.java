package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.HandlerRunner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class WatchdogTest {

    private static final long THRESHOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    @Test
    void aSlowHandlerIsNamedOnceWithAtMostItsTime() throws Exception {
        DispatchBench bench = new DispatchBench(THRESHOLD_NANOS, Thread::new);
        PooledDispatcher dispatcher = new PooledDispatcher(bench.context, 1, bench.watchdog);
        for (int i = 1; i <= 2; i++) {
            int named = i;
            AtomicLong ranNanos = new AtomicLong();
            CountDownLatch done = new CountDownLatch(1);
            DispatchBench.post(dispatcher, () -> {
                long start = System.nanoTime();
                DispatchBench.until(() -> bench.listener.slowNanos.size() == named);
                runFor(3 * THRESHOLD_NANOS);  // long enough to be named again
                ranNanos.set(System.nanoTime() - start);
                done.countDown();
            });
            assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(bench.listener.slowNanos).hasSize(named);
            assertThat(bench.listener.slowNanos.get(named - 1))
                    .isBetween(THRESHOLD_NANOS, ranNanos.get());
        }
        assertThat(bench.listener.slowThreads)
                .allMatch(each -> each.getName().startsWith("test-dispatcher-"));
        bench.end(dispatcher);
        assertThat(bench.threads).noneMatch(Thread::isAlive);
    }

    @Test
    void manyQuickHandlersAreNotOneSlowOne() throws Exception {
        DispatchBench bench = new DispatchBench(THRESHOLD_NANOS, Thread::new);
        PooledDispatcher dispatcher = new PooledDispatcher(bench.context, 1, bench.watchdog);
        long end = System.nanoTime() + 5 * THRESHOLD_NANOS;
        while (System.nanoTime() - end < 0) {
            CountDownLatch done = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                DispatchBench.post(dispatcher, done::countDown);
            }
            assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        bench.end(dispatcher);
        // A machine that stops for a moment makes any handler slow; what is meant is one by one.
        assertThat(bench.listener.slowNanos.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void aHandlerOnAnExecutorIsNamedWithItsThread() throws Exception {
        DispatchBench bench = new DispatchBench(THRESHOLD_NANOS, Thread::new);
        ExecutorDispatcher dispatcher = new ExecutorDispatcher(bench.context,
                task -> new Thread(task, "the application's").start(), bench.watchdog);
        DispatchBench.post(dispatcher,
                () -> DispatchBench.until(() -> !bench.listener.slowThreads.isEmpty()));
        bench.end(dispatcher);
        assertThat(bench.listener.slowThreads).singleElement()
                .matches(each -> each.getName().equals("the application's"));
    }

    @Test
    void aThresholdOfZeroCostsNoThread() throws Exception {
        DispatchBench bench = new DispatchBench();
        bench.watchdog.watch(Thread.currentThread(), new HandlerRunner(bench.listener));
        assertThat(bench.threads).isEmpty();
        assertThat(bench.watchdog.terminate(0)).isTrue();
    }

    @Test
    void itEndsAtOnceHoweverLongTheThreshold() throws Exception {
        DispatchBench bench = new DispatchBench(TimeUnit.DAYS.toNanos(1), Thread::new);
        assertThat(bench.threads).hasSize(1).allMatch(Thread::isDaemon);
        assertThat(bench.threads.get(0).getName()).startsWith("test-watchdog-");
        assertThat(bench.watchdog.terminate(
                TimeUnit.SECONDS.toNanos(DispatchBench.PATIENCE_SECONDS))).isTrue();
    }

    private static void runFor(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
