package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ExecutorDispatcherTest {

    private final DispatchBench bench = new DispatchBench();
    private final List<ExecutorService> pools = new ArrayList<>();

    private ExecutorDispatcher dispatcher(Executor executor) {
        return new ExecutorDispatcher(bench.context, executor, bench.watchdog);
    }

    private ExecutorService keep(ExecutorService pool) {
        pools.add(pool);
        return pool;
    }

    @AfterEach
    void shutDown() {
        pools.forEach(ExecutorService::shutdownNow);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(DispatchBench.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    // ---- Executors as they should be ----------------------------------------------------------

    @Test
    void handlersRunOnTheExecutorOnceAndInItsOrder() throws Exception {
        ExecutorService pool = keep(Executors.newSingleThreadExecutor());
        ExecutorDispatcher dispatcher = dispatcher(pool);
        List<Integer> order = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            int index = i;
            DispatchBench.post(dispatcher, () -> {
                order.add(index);
                assertThat(dispatcher.runsOnCurrentThread()).isTrue();
                assertThat(dispatcher.dispatching()).isTrue();
                done.countDown();
            });
        }
        await(done);
        assertThat(order).isSorted().hasSize(1_000);
        assertThat(pool.submit(dispatcher::runsOnCurrentThread).get()).isFalse();
        assertThat(dispatcher.runsOnCurrentThread()).isFalse();
        bench.end(dispatcher);
        assertThat(dispatcher.dispatching()).isFalse();
        assertThat(bench.threads).isEmpty();
        assertThat(bench.listener.thrown).isEmpty();
    }

    @Test
    void virtualThreadsAreToldApart() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with Java 21");
        ExecutorService pool = keep((ExecutorService) Executors.class
                .getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
        ExecutorDispatcher dispatcher = dispatcher(pool);
        AtomicInteger inside = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            DispatchBench.post(dispatcher, () -> {
                Thread.yield();  // another virtual thread may take the carrier
                inside.addAndGet(dispatcher.runsOnCurrentThread() ? 1 : 0);
                done.countDown();
            });
            assertThat(dispatcher.runsOnCurrentThread()).isFalse();
        }
        await(done);
        assertThat(inside).hasValue(10_000);
        assertThat(pool.submit(dispatcher::runsOnCurrentThread).get()).isFalse();
        bench.end(dispatcher);
    }

    @Test
    void terminateWaitsForQueuedAndRunningHandlers() throws Exception {
        ExecutorDispatcher dispatcher = dispatcher(keep(Executors.newSingleThreadExecutor()));
        CountDownLatch leave = new CountDownLatch(1);
        AtomicBoolean second = new AtomicBoolean();
        DispatchBench.post(dispatcher, () -> awaitIn(leave));
        DispatchBench.post(dispatcher, () -> second.set(true));
        assertThat(dispatcher.terminate(0)).isFalse();
        assertThat(dispatcher.terminate(TimeUnit.MILLISECONDS.toNanos(50))).isFalse();
        leave.countDown();
        bench.end(dispatcher);
        assertThat(second).isTrue();
    }

    @Test
    void anInterruptReachesNoLaterHandler() throws Exception {
        ExecutorDispatcher dispatcher = dispatcher(keep(Executors.newSingleThreadExecutor()));
        CountDownLatch leave = new CountDownLatch(1);
        AtomicBoolean reached = new AtomicBoolean();
        DispatchBench.post(dispatcher, () -> {
            awaitIn(leave);
            Thread.currentThread().interrupt();
        });
        DispatchBench.post(dispatcher, () -> reached.set(Thread.currentThread().isInterrupted()));
        leave.countDown();
        bench.end(dispatcher);
        assertThat(reached).isFalse();
    }

    /** An executor of the application's need not clear what a task before this one has left. */
    @Test
    void anInterruptOfTheExecutorsReachesNoHandler() throws Exception {
        LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        ExecutorDispatcher dispatcher = dispatcher(tasks::add);
        List<Boolean> interrupted = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            DispatchBench.post(dispatcher,
                    () -> interrupted.add(Thread.currentThread().isInterrupted()));
            Thread.currentThread().interrupt();
            tasks.remove().run();
        }
        assertThat(interrupted).containsExactly(false, false);
        bench.end(dispatcher);
    }

    @Test
    void blockingOnlyRunsTheBody() throws Exception {
        assertThat(dispatcher(Runnable::run).<String>blocking(() -> "body")).isEqualTo("body");
    }

    @Test
    void aTaskThatRunsWhileAnotherWaitsLeavesTheOtherInside() throws Exception {
        LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        ExecutorDispatcher dispatcher = dispatcher(tasks::add);
        List<Boolean> inside = new ArrayList<>();
        DispatchBench.post(dispatcher, () -> {
            tasks.remove().run();  // what a fork-join pool does to a thread that joins
            inside.add(dispatcher.runsOnCurrentThread());
        });
        DispatchBench.post(dispatcher, () -> inside.add(dispatcher.runsOnCurrentThread()));
        tasks.remove().run();
        assertThat(inside).containsExactly(true, true);
        assertThat(dispatcher.runsOnCurrentThread()).isFalse();
        bench.end(dispatcher);
        assertThat(bench.listener.thrown).isEmpty();
    }

    @Test
    void anEventThatBreaksIsReportedAndCountsAsDone() throws Exception {
        ExecutorDispatcher dispatcher = dispatcher(keep(Executors.newSingleThreadExecutor()));
        dispatcher.enqueue(new io.proactor.operation.CompletionEvent() {
            @Override
            public void dispatch(io.proactor.operation.HandlerRunner runner) {
                throw new AssertionError("a bug of ours");
            }
        });
        bench.end(dispatcher);
        assertThat(bench.listener.failures).hasSize(1);
    }

    @Test
    void aBurstTakesFewRuns() throws Exception {
        ExecutorDispatcher dispatcher = dispatcher(keep(Executors.newFixedThreadPool(4)));
        int bursts = 500;
        int each = 100;
        for (int i = 0; i < bursts; i++) {
            CountDownLatch done = new CountDownLatch(each);
            for (int j = 0; j < each; j++) {
                DispatchBench.post(dispatcher, done::countDown);
            }
            await(done);
        }
        double perCompletion = (double) dispatcher.runs() / (bursts * each);
        System.out.printf("executor, bursts of 100: %.5f runs per completion%n", perCompletion);
        assertThat(perCompletion).isLessThanOrEqualTo(0.1);
        bench.end(dispatcher);
    }

    @Test
    void noHandlerWaitsBehindOneThatBlocksWhileThereIsAThread() throws Exception {
        ExecutorDispatcher dispatcher = dispatcher(keep(Executors.newFixedThreadPool(8)));
        CountDownLatch together = new CountDownLatch(8);
        CountDownLatch done = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            DispatchBench.post(dispatcher, () -> {
                together.countDown();
                awaitIn(together);
                done.countDown();
            });
        }
        await(done);
        bench.end(dispatcher);
        assertThat(bench.listener.thrown).isEmpty();
    }

    @Test
    void noEventIsForgottenHoweverOftenTheRunsEnd() throws Exception {
        ExecutorDispatcher dispatcher = new ExecutorDispatcher(bench.context,
                keep(Executors.newFixedThreadPool(2)), bench.watchdog, new CompletionEventQueue(),
                Search.NONE, RunBounds.USUAL);
        AtomicInteger dispatched = new AtomicInteger();
        for (int i = 1; i <= 100_000; i++) {
            DispatchBench.post(dispatcher, dispatched::incrementAndGet);
            if (i % 3 == 0) {
                int all = i;
                DispatchBench.until(() -> dispatched.get() == all);
            }
        }
        bench.end(dispatcher);
        assertThat(dispatched).hasValue(100_000);
    }

    // ---- Executors as they should not be ------------------------------------------------------

    @Test
    void anExecutorThatRunsTasksAtOnceRunsNoHandlerInsideTheCall() throws Exception {
        runsOnFallback(Runnable::run);
    }

    @Test
    void anExecutorThatRefusesCostsNoCompletion() throws Exception {
        runsOnFallback(task -> {
            throw new RejectedExecutionException("full");
        });
        runsOnFallback(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
    }

    /** The second run may be asked for by the first, which has an event in its hand then. */
    @Test
    void aLogThatThrowsCostsNoCompletion() throws Exception {
        for (boolean refusedAtOnce : new boolean[] {true, false}) {
            DispatchBench own = new DispatchBench();
            List<Runnable> tasks = new ArrayList<>();
            ExecutorDispatcher dispatcher = new ExecutorDispatcher(own.context, task -> {
                if (refusedAtOnce || !tasks.isEmpty()) {
                    throw new Unprintable();
                }
                tasks.add(task);
            }, own.watchdog);
            CountDownLatch done = new CountDownLatch(2);
            DispatchBench.post(dispatcher, done::countDown);
            DispatchBench.post(dispatcher, done::countDown);
            tasks.forEach(Runnable::run);
            await(done);  // before the end, which would look again
            assertThat(own.listener.failures).hasSize(1);
            own.end(dispatcher);
        }
    }

    /** As if no memory were left to tell that there is none; JUnit would not survive the Error. */
    private static final class Unprintable extends RejectedExecutionException {
        private static final long serialVersionUID = 1;

        @Override
        public void printStackTrace(java.io.PrintStream stream) {
            throw new IllegalStateException("unable to tell");
        }
    }

    @Test
    void callerRunsIsNotInsideTheCallEither() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy());
        keep(pool);
        pool.execute(() -> awaitIn(leave));
        ExecutorDispatcher dispatcher = dispatcher(pool);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            DispatchBench.post(dispatcher, () -> {
                seen.add(Thread.currentThread());
                done.countDown();
            });
        }
        leave.countDown();
        await(done);
        assertThat(seen).doesNotContain(Thread.currentThread());
        bench.end(dispatcher);
    }

    /** As one does that is shut down at once, with what it had been given still in its queue. */
    @Test
    void anExecutorThatDropsTasksCostsNoCompletion() throws Exception {
        ExecutorService pool = keep(Executors.newSingleThreadExecutor());
        AtomicInteger tasks = new AtomicInteger();
        ExecutorDispatcher dispatcher = dispatcher(task -> {
            if (tasks.getAndIncrement() % 2 == 1) {
                pool.execute(task);
            }
        });
        CountDownLatch done = new CountDownLatch(2);
        DispatchBench.post(dispatcher, done::countDown);
        DispatchBench.post(dispatcher, done::countDown);
        bench.end(dispatcher);
        assertThat(done.getCount()).isZero();
    }

    @Test
    void anExecutorThatRunsATaskTwiceOrRefusesItAfterwardsDispatchesItOnce() throws Exception {
        ExecutorService pool = keep(Executors.newFixedThreadPool(2));
        ExecutorDispatcher dispatcher = dispatcher(task -> {
            pool.execute(task);
            pool.execute(task);
            throw new RejectedExecutionException("too late");
        });
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 5_000; i++) {
            DispatchBench.post(dispatcher, runs::incrementAndGet);
        }
        bench.end(dispatcher);
        assertThat(runs).hasValue(5_000);
    }

    @Test
    void withoutAFallbackThreadTheCompletionWaitsForOne() throws Exception {
        AtomicBoolean shortage = new AtomicBoolean(true);
        DispatchBench poor = new DispatchBench(0, body -> {
            if (shortage.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(body);
        });
        ExecutorDispatcher dispatcher =
                new ExecutorDispatcher(poor.context, Runnable::run, poor.watchdog);
        CountDownLatch done = new CountDownLatch(1);
        DispatchBench.post(dispatcher, done::countDown);
        assertThat(poor.listener.failures).hasSize(1);
        assertThat(dispatcher.terminate(0)).isFalse();
        shortage.set(false);
        poor.end(dispatcher);
        assertThat(done.getCount()).isZero();
    }

    @Test
    void anInterruptDoesNotReachTheNextHandlerOfTheFallback() throws Exception {
        ExecutorDispatcher dispatcher = dispatcher(Runnable::run);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        DispatchBench.post(dispatcher, () -> Thread.currentThread().interrupt());
        DispatchBench.post(dispatcher,
                () -> interrupted.add(Thread.currentThread().isInterrupted()));
        bench.end(dispatcher);
        assertThat(interrupted).containsExactly(false);
    }

    private void runsOnFallback(Executor executor) throws Exception {
        DispatchBench own = new DispatchBench();
        ExecutorDispatcher dispatcher =
                new ExecutorDispatcher(own.context, executor, own.watchdog);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(101);
        for (int i = 0; i < 100; i++) {
            DispatchBench.post(dispatcher, () -> {
                seen.add(Thread.currentThread());
                assertThat(dispatcher.runsOnCurrentThread()).isTrue();
                if (done.getCount() == 101) {
                    DispatchBench.post(dispatcher, done::countDown);  // likewise from a handler
                }
                done.countDown();
            });
        }
        await(done);
        assertThat(own.threads).hasSize(1).containsAll(seen);
        assertThat(own.threads.get(0).getName()).startsWith("test-fallback-");
        own.end(dispatcher);
        assertThat(own.threads).noneMatch(Thread::isAlive);
        assertThat(own.listener.thrown).isEmpty();
    }

    private static void awaitIn(CountDownLatch latch) {
        try {
            await(latch);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
