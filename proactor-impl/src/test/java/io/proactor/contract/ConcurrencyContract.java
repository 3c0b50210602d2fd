package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Proactor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * T05: how many handlers run at a time, also when some of them block; and who is told of slow ones.
 */
interface ConcurrencyContract extends Contract {

    @Test
    @DisplayName("T05 concurrency 2, 8 ready handlers of 100 ms: 2 at a time, at least 400 ms in "
            + "all")
    default void concurrencyIsKept() throws Exception {
        Require.pooled(bench());
        Proactor proactor = bench().open(options -> options.withPooledDispatcher(2));
        long startNanos = System.nanoTime();
        assertThat(mostAtATime(proactor)).isEqualTo(2);
        assertThat(System.nanoTime() - startNanos)
                .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(400));
    }

    @Test
    @DisplayName("T05 it is kept for handlers of sockets as for posted ones")
    default void concurrencyIsKeptForReads() throws Exception {
        Require.pooled(bench());
        bench().open(options -> options.withPooledDispatcher(2));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Recorder<Integer>> reads = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Pair pair = bench().accepted();
            Recorder<Integer> read = bench().recorder(call -> work(running, most));
            pair.socket().read(ByteBuffer.allocate(1), null, read);
            pairs.add(pair);
            reads.add(read);
        }
        for (Pair pair : pairs) {
            pair.peer().send("x");
        }
        for (Recorder<Integer> read : reads) {
            read.value();
        }
        Until.until("the last handler is through", () -> running.get() == 0);
        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    @DisplayName("T05 while one handler is in blocking(), a third one starts; then 2 at a time "
            + "again")
    default void blockingLetsAnotherHandlerRun() throws Exception {
        Require.pooled(bench());
        Proactor proactor = bench().open(options -> options.withPooledDispatcher(2));
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch unblock = bench().gate();
        CountDownLatch leave = bench().gate();
        Recorder<String> blocker = post(proactor, () -> {
            proactor.blocking(() -> {
                blocked.countDown();
                Bench.pass(unblock);
                return null;
            });
            Bench.pass(leave);
        });
        Recorder<String> second = post(proactor, () -> Bench.pass(leave));
        Bench.pass(blocked);
        second.awaitEntry();
        Recorder<String> third = post(proactor, () -> Bench.pass(leave));
        assertThat(third.enteredWithin(250)).as("a third handler starts").isTrue();
        unblock.countDown();
        Recorder<String> fourth = post(proactor, () -> {});
        assertThat(fourth.calledWithin(200)).as("a handler too many").isFalse();
        leave.countDown();
        fourth.await();
        assertThat(List.of(blocker.calls(), second.calls(), third.calls())).containsOnly(1);
        assertThat(mostAtATime(proactor)).isEqualTo(2);
    }

    /** So many that threads which were added for them, and then kept, would show. */
    @Test
    @DisplayName("T05 20 handlers in blocking() one after another leave the concurrency as it was")
    default void blockingOverAndOverLeavesNoThreadTooMany() throws Exception {
        Require.pooled(bench());
        Proactor proactor = bench().open(options -> options.withPooledDispatcher(2));
        CountDownLatch unblock = bench().gate();
        AtomicInteger blocked = new AtomicInteger();
        List<Recorder<String>> blockers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            blockers.add(post(proactor, () -> proactor.blocking(() -> {
                blocked.incrementAndGet();
                Bench.pass(unblock);
                return null;
            })));
        }
        Until.until("all 20 block at the same time", () -> blocked.get() == 20);
        unblock.countDown();
        for (Recorder<String> blocker : blockers) {
            blocker.value();
        }
        assertThat(mostAtATime(proactor)).isEqualTo(2);
    }

    @Test
    @DisplayName("T05 blocking() returns and throws what its body does, with every dispatcher")
    default void blockingReturnsAndThrowsWhatItsBodyDoes() throws Exception {
        Proactor proactor = bench().proactor();
        AtomicReference<String> returned = new AtomicReference<>();
        IOException thrown = new IOException("thrown by a test");
        Recorder<String> handler = post(proactor, () -> {
            returned.set(proactor.blocking(() -> "returned"));
            assertThatThrownBy(() -> proactor.blocking(() -> {
                throw thrown;
            })).isSameAs(thrown);
        });
        handler.value();
        Until.until("blocking() has returned", () -> returned.get() != null);
        assertThat(returned.get()).isEqualTo("returned");
    }

    @Test
    @DisplayName("A handler that keeps a thread for longer than the threshold is named once, at "
            + "work")
    default void slowHandlerIsNamedOnceWhileItRuns() throws Exception {
        Proactor proactor = bench().open(options -> options.withSlowHandler(Duration.ofMillis(50)));
        CountDownLatch leave = bench().gate();
        Recorder<String> slow = post(proactor, () -> Bench.pass(leave));
        ListenerRecord.Slow report =
                bench().listener().slow().poll(Until.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        assertThat(report.atLeast()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(report.stack()).extracting(StackTraceElement::getMethodName).contains("pass");
        assertThat(Until.within(300, () -> !bench().listener().slow().isEmpty()))
                .as("a second report").isFalse();
        leave.countDown();
        assertThat(report.thread()).isSameAs(slow.thread());
    }

    /** What a handler does. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private Recorder<String> post(Proactor proactor, Body body) {
        Recorder<String> handler = bench().recorder(call -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        proactor.post("posted", null, handler);
        return handler;
    }

    /** Runs 8 handlers of 100 ms each, and returns how many ran at the same time at most. */
    private int mostAtATime(Proactor proactor) throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            post(proactor, () -> {
                work(running, most);
                left.countDown();
            });
        }
        Bench.pass(left);
        return most.get();
    }

    /** Takes 100 ms, as a handler that computes. */
    private static void work(AtomicInteger running, AtomicInteger most) {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        for (long left = 1; left > 0; left = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        running.decrementAndGet();
    }
}
