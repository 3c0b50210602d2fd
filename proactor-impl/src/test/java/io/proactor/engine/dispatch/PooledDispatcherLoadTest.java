package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the pooled dispatcher costs, and that it loses nothing, when much happens. */
@Timeout(300)
final class PooledDispatcherLoadTest {

    private final DispatchBench bench = new DispatchBench();

    /** Queues itself again, so that it needs no new object for each completion. */
    private static final class Recurring extends CompletionEvent {
        private final PooledDispatcher dispatcher;
        private final AtomicLong left;
        private final CountDownLatch done;

        Recurring(PooledDispatcher dispatcher, AtomicLong left, CountDownLatch done) {
            this.dispatcher = dispatcher;
            this.left = left;
            this.done = done;
        }

        @Override
        public void dispatch(HandlerRunner runner) {
            if (left.decrementAndGet() > 0) {
                dispatcher.enqueue(this);
            } else {
                done.countDown();
            }
        }
    }

    private void recur(PooledDispatcher dispatcher, int events, long dispatches) throws Exception {
        AtomicLong left = new AtomicLong(dispatches);
        CountDownLatch done = new CountDownLatch(events);
        for (int i = 0; i < events; i++) {
            dispatcher.enqueue(new Recurring(dispatcher, left, done));
        }
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS * 2, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void underLoadAWakeUpIsRare() throws Exception {
        PooledDispatcher dispatcher = new PooledDispatcher(bench.context, 4, bench.watchdog);
        for (int connections : new int[] {4, 16, 64, 1_000}) {
            recur(dispatcher, connections, 100_000);
            long before = dispatcher.wakeUps();
            long start = System.nanoTime();
            recur(dispatcher, connections, 400_000);
            double perCompletion = (dispatcher.wakeUps() - before) / 400_000.0;
            System.out.printf("pooled(4), %d events: %.5f wake-ups and %.0f ns per completion%n",
                    connections, perCompletion, (System.nanoTime() - start) / 400_000.0);
            assertThat(perCompletion).isLessThanOrEqualTo(0.1);
        }
        bench.end(dispatcher);
    }

    @Test
    void aBurstOfOtherThreadsWakesFewThreads() throws Exception {
        PooledDispatcher dispatcher = new PooledDispatcher(bench.context, 4, bench.watchdog);
        int bursts = 2_000;
        int each = 100;
        for (int i = 0; i < bursts; i++) {
            AtomicLong left = new AtomicLong(1);
            CountDownLatch done = new CountDownLatch(each);
            for (int j = 0; j < each; j++) {
                dispatcher.enqueue(new Recurring(dispatcher, left, done));
            }
            assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        double perCompletion = (double) dispatcher.wakeUps() / (bursts * each);
        System.out.printf("pooled(4), bursts of 100: %.5f wake-ups per completion%n",
                perCompletion);
        assertThat(perCompletion).isLessThanOrEqualTo(0.1);
        bench.end(dispatcher);
    }

    @Test
    void steadyStateAllocatesNothing() throws Exception {
        PooledDispatcher dispatcher = new PooledDispatcher(bench.context, 4, bench.watchdog);
        recur(dispatcher, 64, 400_000);
        long before = allocatedBytes();
        recur(dispatcher, 64, 1_000_000);
        long bytes = allocatedBytes() - before;
        System.out.printf("pooled(4): %d bytes for 1,000,000 completions%n", bytes);
        // What the JVM itself allocates on a thread, such as a call site at its first use.
        assertThat(bytes).isLessThan(64 * 1_024);
        bench.end(dispatcher);
    }

    private long allocatedBytes() {
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return bench.threads.stream().mapToLong(each -> bean.getThreadAllocatedBytes(each.getId()))
                .sum();
    }

    /**
     * Rounds that end with an empty queue, so that each begins with threads that are on the way to
     * their bed: where a wake-up could be lost. A lost one lets the round wait for ever.
     */
    @Test
    void noWakeUpIsLostHoweverOftenTheThreadsGoIdle() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int concurrency : new int[] {1, 2, 4}) {
            DispatchBench own = new DispatchBench();
            PooledDispatcher dispatcher =
                    new PooledDispatcher(own.context, concurrency, own.watchdog);
            AtomicInteger dispatched = new AtomicInteger();
            int expected = 0;
            for (int round = 0; round < 60_000; round++) {
                int events = 1 + random.nextInt(3);
                expected += events;
                for (int i = 0; i < events; i++) {
                    dispatcher.enqueue(new CompletionEvent() {
                        @Override
                        public void dispatch(HandlerRunner runner) {
                            dispatched.incrementAndGet();
                        }
                    });
                }
                int all = expected;
                DispatchBench.until(() -> dispatched.get() == all);
                for (int pause = random.nextInt(400); pause > 0; pause--) {
                    Thread.onSpinWait();
                }
            }
            own.end(dispatcher);
        }
    }

    /** Handlers that block, throw and post further ones; each runs exactly once. */
    @Test
    void eachEventIsDispatchedExactlyOnceWhateverItsHandlerDoes() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random seeds = new Random(seed);
        for (int round = 0; round < 6; round++) {
            DispatchBench own = new DispatchBench();
            int concurrency = 1 + seeds.nextInt(4);
            PooledDispatcher dispatcher = new PooledDispatcher(own.context, concurrency,
                    concurrency + 3, own.watchdog, new CompletionEventQueue(64),
                    Search.USUAL);
            int events = 20_000;
            AtomicIntegerArray runs = new AtomicIntegerArray(events);
            CountDownLatch done = new CountDownLatch(events);
            Thread[] producers = new Thread[3];
            AtomicInteger next = new AtomicInteger();
            for (int p = 0; p < producers.length; p++) {
                long ownSeed = seeds.nextLong();
                producers[p] = new Thread(() -> produce(dispatcher, new Random(ownSeed), next, runs,
                        done));
                producers[p].start();
            }
            for (Thread producer : producers) {
                producer.join();
            }
            assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            own.end(dispatcher);
            for (int i = 0; i < events; i++) {
                assertThat(runs.get(i)).isEqualTo(1);
            }
            assertThat(own.listener.failures).isEmpty();
        }
    }

    private static void produce(PooledDispatcher dispatcher, Random random, AtomicInteger next,
            AtomicIntegerArray runs, CountDownLatch done) {
        while (true) {
            int index = next.getAndIncrement();
            if (index >= runs.length()) {
                return;
            }
            int what = random.nextInt(100);
            DispatchBench.post(dispatcher, () -> {
                runs.incrementAndGet(index);
                done.countDown();
                if (what < 3) {
                    throw new IllegalStateException("a handler's");
                }
                if (what < 10) {
                    PooledDispatcherTest.block(dispatcher, new CountDownLatch(1),
                            new CountDownLatch(0));
                }
                if (what < 20) {
                    int another = next.getAndIncrement();
                    if (another < runs.length()) {
                        DispatchBench.post(dispatcher, () -> {
                            runs.incrementAndGet(another);
                            done.countDown();
                        });
                    }
                }
            });
            if (what > 97) {
                Thread.yield();
            }
        }
    }
}
