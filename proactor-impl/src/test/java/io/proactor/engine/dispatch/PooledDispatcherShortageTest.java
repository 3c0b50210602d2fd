package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread factory that gives no more. */
@Timeout(120)
final class PooledDispatcherShortageTest {

    private static ThreadFactory threads(int most) {
        AtomicInteger made = new AtomicInteger();
        return body -> {
            if (made.incrementAndGet() > most) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(body);
        };
    }

    @Test
    void withoutItsThreadsItDoesNotOpenAndLeavesNone() {
        DispatchBench bench = new DispatchBench(0, threads(2));
        assertThatThrownBy(() -> new PooledDispatcher(bench.context, 3, bench.watchdog))
                .isInstanceOf(OutOfMemoryError.class);
        DispatchBench.until(() -> bench.threads.stream().noneMatch(Thread::isAlive));
        assertThat(bench.threads).hasSize(2);
    }

    @Test
    void withoutASpareTheHandlerBlocksAllTheSameAndNoEventIsLost() throws Exception {
        DispatchBench bench = new DispatchBench(0, threads(1));
        PooledDispatcher dispatcher = new PooledDispatcher(bench.context, 1, bench.watchdog);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(11);
        DispatchBench.post(dispatcher, () -> {
            PooledDispatcherTest.block(dispatcher, blocked, release);
            done.countDown();
        });
        assertThat(blocked.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 10; i++) {
            DispatchBench.post(dispatcher, done::countDown);
        }
        release.countDown();
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        bench.end(dispatcher);
    }
}
