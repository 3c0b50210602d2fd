package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class PooledDispatcherTest {

    /** How long we watch that something does not happen. */
    private static final long WATCH_MILLIS = 100;

    private final DispatchBench bench = new DispatchBench();

    private PooledDispatcher dispatcher(int concurrency) {
        return new PooledDispatcher(bench.context, concurrency, bench.watchdog);
    }

    @Test
    void handlersRunOnlyOnThreadsOfTheFactoryWithTheDispatcherPrefix() throws Exception {
        PooledDispatcher dispatcher = dispatcher(3);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            DispatchBench.post(dispatcher, () -> {
                seen.add(Thread.currentThread());
                assertThat(dispatcher.runsOnCurrentThread()).isTrue();
                assertThat(dispatcher.dispatching()).isTrue();
                done.countDown();
            });
        }
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dispatcher.runsOnCurrentThread()).isFalse();
        assertThat(bench.threads).hasSize(3).containsAll(seen);
        assertThat(bench.threads).allMatch(each -> each.getName().startsWith("test-dispatcher-"));
        bench.end(dispatcher);
        assertThat(dispatcher.dispatching()).isFalse();
        assertThat(bench.threads).noneMatch(Thread::isAlive);
        assertThat(bench.listener.thrown).isEmpty();
    }

    @Test
    void neverMoreHandlersAtATimeThanTheConcurrency() throws Exception {
        PooledDispatcher dispatcher = dispatcher(2);
        AtomicInteger started = new AtomicInteger();
        Semaphore leave = new Semaphore(0);
        CountDownLatch done = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            DispatchBench.post(dispatcher, () -> {
                started.incrementAndGet();
                leave.acquireUninterruptibly();
                done.countDown();
            });
        }
        for (int left = 0; left <= 6; left++) {
            int expected = left + 2;
            DispatchBench.until(() -> started.get() == expected);
            assertThat(stays(started, expected)).isTrue();
            leave.release();
        }
        leave.release(2);
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        bench.end(dispatcher);
    }

    @Test
    void aHandlerThatBlocksLendsItsPlace() throws Exception {
        PooledDispatcher dispatcher = dispatcher(1);
        CountDownLatch other = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        DispatchBench.post(dispatcher, () -> {
            try {
                Boolean came = dispatcher.blocking(
                        () -> other.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS));
                assertThat(came).isTrue();
                done.countDown();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        DispatchBench.post(dispatcher, other::countDown);
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(bench.threads).hasSize(2);
        bench.end(dispatcher);
        assertThat(bench.listener.thrown).isEmpty();
    }

    @Test
    void afterAWaitTheCountGoesBackToTheConcurrency() throws Exception {
        PooledDispatcher dispatcher = dispatcher(2);
        for (int round = 0; round < 50; round++) {
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch blocked = new CountDownLatch(2);
            CountDownLatch back = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                DispatchBench.post(dispatcher, () -> {
                    block(dispatcher, blocked, release);
                    back.countDown();
                });
            }
            assertThat(blocked.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            release.countDown();
            assertThat(back.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            DispatchBench.until(() -> !dispatcher.dispatching());
            assertThat(mostAtATime(dispatcher, 40)).isLessThanOrEqualTo(2);
        }
        assertThat(bench.threads).hasSizeLessThanOrEqualTo(4);
        bench.end(dispatcher);
    }

    @Test
    void threadsThatStandInAreBoundedAndNoEventIsLostAtTheBound() throws Exception {
        PooledDispatcher dispatcher = dispatcher(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger blocked = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            DispatchBench.post(dispatcher, () -> {
                blocked.incrementAndGet();
                block(dispatcher, new CountDownLatch(1), release);
                done.countDown();
            });
        }
        DispatchBench.until(() -> blocked.get() == 257);  // one and 256 spares
        assertThat(stays(blocked, 257)).isTrue();
        release.countDown();
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(bench.threads).hasSize(257);
        assertThat(mostAtATime(dispatcher, 40)).isEqualTo(1);
        bench.end(dispatcher);
        assertThat(bench.threads).noneMatch(Thread::isAlive);
    }

    @Test
    void blockingElsewhereOrTwiceOnlyRunsTheBody() throws Exception {
        PooledDispatcher dispatcher = dispatcher(1);
        assertThat(dispatcher.<String>blocking(() -> "here")).isEqualTo("here");
        CountDownLatch done = new CountDownLatch(1);
        DispatchBench.post(dispatcher, () -> {
            try {
                assertThat(dispatcher.<String>blocking(() -> dispatcher.blocking(() -> "inner")))
                        .isEqualTo("inner");
                assertThatThrownBy(() -> dispatcher.blocking(() -> {
                    throw new java.io.IOException("mine");
                })).isInstanceOf(java.io.IOException.class);
                done.countDown();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(mostAtATime(dispatcher, 20)).isEqualTo(1);
        bench.end(dispatcher);
        assertThat(bench.listener.thrown).isEmpty();
    }

    @Test
    void aHandlerThatThrowsCostsNoThread() throws Exception {
        PooledDispatcher dispatcher = dispatcher(2);
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            boolean error = i % 2 == 0;
            DispatchBench.post(dispatcher, () -> {
                done.countDown();
                if (error) {
                    throw new StackOverflowError("a handler's");
                }
                throw new IllegalStateException("a handler's");
            });
        }
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        DispatchBench.until(() -> bench.listener.thrown.size() == 100);
        assertThat(bench.threads).hasSize(2).allMatch(Thread::isAlive);
        bench.end(dispatcher);
        assertThat(bench.listener.failures).isEmpty();
    }

    @Test
    void anEventThatBreaksCostsNoThreadAndIsReported() throws Exception {
        PooledDispatcher dispatcher = dispatcher(1);
        dispatcher.enqueue(new io.proactor.operation.CompletionEvent() {
            @Override
            public void dispatch(io.proactor.operation.HandlerRunner runner) {
                throw new AssertionError("a bug of ours");
            }
        });
        CountDownLatch done = new CountDownLatch(1);
        DispatchBench.post(dispatcher, done::countDown);
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(bench.threads).hasSize(1).allMatch(Thread::isAlive);
        assertThat(bench.listener.failures).hasSize(1);
        bench.end(dispatcher);
    }

    @Test
    void anInterruptDoesNotReachTheNextHandler() throws Exception {
        PooledDispatcher dispatcher = dispatcher(1);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        DispatchBench.post(dispatcher, () -> Thread.currentThread().interrupt());
        DispatchBench.post(dispatcher, () -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            done.countDown();
        });
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).containsExactly(false);
        bench.threads.forEach(Thread::interrupt);  // while it is parked
        CountDownLatch again = new CountDownLatch(1);
        DispatchBench.post(dispatcher, again::countDown);
        assertThat(again.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        bench.end(dispatcher);
    }

    @Test
    void theThreadThatRanLastRunsNext() throws Exception {
        PooledDispatcher dispatcher = dispatcher(8);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 200; i++) {
            CountDownLatch done = new CountDownLatch(1);
            DispatchBench.post(dispatcher, () -> {
                seen.add(Thread.currentThread());
                done.countDown();
            });
            assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        // Not one, since the next event may come while the thread is still leaving its handler, or
        // gives way; but by far not all.
        assertThat(seen).hasSizeLessThanOrEqualTo(5);
        bench.end(dispatcher);
    }

    @Test
    void terminateWaitsForTheHandlerThatRuns() throws Exception {
        PooledDispatcher dispatcher = dispatcher(2);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        DispatchBench.post(dispatcher, () -> {
            entered.countDown();
            block(dispatcher, new CountDownLatch(1), leave);
        });
        assertThat(entered.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dispatcher.terminate(0)).isFalse();
        assertThat(dispatcher.terminate(TimeUnit.MILLISECONDS.toNanos(WATCH_MILLIS))).isFalse();
        assertThat(dispatcher.dispatching()).isTrue();
        leave.countDown();
        bench.end(dispatcher);
        assertThat(bench.threads).noneMatch(Thread::isAlive);
    }

    // ---- What several of them need ------------------------------------------------------------

    static void block(PooledDispatcher dispatcher, CountDownLatch blocked, CountDownLatch release) {
        try {
            dispatcher.blocking(() -> {
                blocked.countDown();
                return release.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS);
            });
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Runs handlers that take a moment; returns how many ran at the same time at most. */
    private static int mostAtATime(PooledDispatcher dispatcher, int handlers) throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(handlers);
        for (int i = 0; i < handlers; i++) {
            DispatchBench.post(dispatcher, () -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                for (int step = 0; step < 20; step++) {
                    Thread.yield();
                }
                running.decrementAndGet();
                done.countDown();
            });
        }
        assertThat(done.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return most.get();
    }

    private static boolean stays(AtomicInteger number, int expected) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WATCH_MILLIS);
        while (System.nanoTime() - until < 0) {
            if (number.get() != expected) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }
}
