package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorShutdownException;
import io.proactor.ShutdownReport;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T30: how a proactor ends. */
interface ShutdownContract extends Contract {

    /** Longer than any test here: a shutdown that waits for it has not seen that all is done. */
    Duration LONG = Duration.ofSeconds(2 * Until.PATIENCE_SECONDS);

    @Test
    @DisplayName("T30 drain: queued writes are flushed, the rest is told, and the report says so")
    default void drainFlushesWritesAndReports() throws Exception {
        Proactor proactor = bench().proactor();
        Pair pair = bench().accepted();
        Pending pending = new Pending(bench());
        byte[] bytes = Bytes.random(8 << 20, 30);
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
        Recorder<Integer> first = pair.write(ByteBuffer.wrap(bytes));
        Recorder<Integer> second = pair.write(Bytes.of("end"));
        CompletionStage<ShutdownReport> stage = proactor.shutdown(LONG);
        pending.assertShutDown();
        assertThat(first.calls()).as("the peer has not read yet").isZero();
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(pair.peer().receive(3)).isEqualTo("end");
        assertThat(first.value()).isEqualTo(bytes.length);
        assertThat(second.value()).isEqualTo(3);
        read.failure(ProactorShutdownException.class);
        pair.peer().assertGone();
        ShutdownReport report = join(stage);
        assertThat(report.finished()).isEqualTo(3L + Pending.COUNT);
        assertThat(report.aborted()).isZero();
        assertThat(report.elapsed()).isLessThan(LONG);
        assertThat(proactor.awaitTermination(Duration.ZERO)).isTrue();
    }

    @Test
    @DisplayName("T30 drain lets a handler finish, and what the handler then initiates on its "
            + "socket")
    default void drainLetsHandlersFinishTheirConversation() throws Exception {
        Proactor proactor = bench().proactor();
        Pair pair = bench().accepted();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = bench().gate();
        Recorder<Integer> answer = bench().recorder();
        Recorder<Integer> request = bench().recorder(call -> {
            entered.countDown();
            Bench.pass(leave);
            pair.socket().write(Bytes.of("answer"), null, answer);
        });
        pair.socket().read(ByteBuffer.allocate(8), null, request);
        pair.peer().send("?");
        Bench.pass(entered);
        CompletionStage<ShutdownReport> stage = proactor.shutdown(LONG);
        assertThat(proactor.awaitTermination(Duration.ofMillis(100))).isFalse();
        leave.countDown();
        assertThat(pair.peer().receive(6)).isEqualTo("answer");
        assertThat(answer.value()).isEqualTo(6);
        pair.peer().assertGone();
        assertThat(join(stage).aborted()).isZero();
    }

    @Test
    @DisplayName("T30 while it drains, nothing new is begun: connect, listen, newSocket, newTimer")
    default void drainRefusesNewWork() throws Exception {
        Proactor proactor = bench().proactor();
        Pair stuck = bench().accepted();
        Recorder<Integer> write = stuck.write(ByteBuffer.allocate(8 << 20));
        var server = bench().server(8);
        proactor.shutdown(LONG);
        assertThatThrownBy(() -> proactor.connect(server.getLocalSocketAddress(), null,
                bench().recorder())).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> proactor.listen(Bench.loopback(0)))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(proactor::newSocket).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(proactor::newTimer).isInstanceOf(RejectedExecutionException.class);
        stuck.peer().receiveBytes(8 << 20);
        assertThat(write.value()).isEqualTo(8 << 20);
    }

    @Test
    @DisplayName("T30 clients that come during the drain are refused, not accepted and then "
            + "dropped")
    default void clientsThatComeDuringTheDrainAreRefused() throws Exception {
        Proactor proactor = bench().proactor();
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Recorder<Accepted> ended = bench().recorder();
        Pair stuck = bench().accepted(acceptor);
        acceptor.acceptAll(null, ended);
        stuck.write(ByteBuffer.allocate(8 << 20));
        CompletionStage<ShutdownReport> stage = proactor.shutdown(LONG);
        ended.failure(ProactorShutdownException.class);
        Until.until("nobody listens", () -> {
            try {
                Peer.to(acceptor.localAddress()).close();
                return false;
            } catch (SocketException refused) {
                return true;
            }
        });
        assertThat(ended.calls()).isEqualTo(1);
        stuck.peer().receiveBytes(8 << 20);
        assertThat(join(stage).aborted()).isZero();
    }

    @Test
    @DisplayName("T30 drain with a stuck peer: when the grace is over the rest is aborted, once")
    default void drainAbortsTheRestWhenTheGraceIsOver() throws Exception {
        Proactor proactor = bench().proactor();
        Pair stuck = bench().accepted();
        Recorder<Integer> read = stuck.read(ByteBuffer.allocate(8));
        Recorder<Integer> first = stuck.write(ByteBuffer.allocate(16 << 20));
        Recorder<Integer> second = stuck.write(Bytes.of("never"));
        long startNanos = System.nanoTime();
        CompletionStage<ShutdownReport> stage = proactor.shutdown(Duration.ofMillis(500));
        first.within(5_000);
        assertThat(proactor.awaitTermination(Duration.ofSeconds(Until.PATIENCE_SECONDS))).isTrue();
        assertThat(List.of(read.calls(), first.calls(), second.calls())).containsOnly(1);
        assertThat(first.failure(ProactorShutdownException.class).bytesMoved())
                .isBetween(1L, (16L << 20) - 1);
        assertThat(first.millisSince(startNanos)).isGreaterThanOrEqualTo(500);
        assertThat(second.failure(ProactorShutdownException.class).bytesMoved()).isZero();
        read.failure(ProactorShutdownException.class);
        ShutdownReport report = join(stage);
        assertThat(report.aborted()).isBetween(2L, 3L);
        assertThat(report.aborted() + report.finished()).isEqualTo(3);
        assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        stuck.peer().assertGone();
    }

    @Test
    @DisplayName("T30 abort: every pending operation is told once, before the termination")
    default void abortTellsEveryOperationBeforeTermination() throws Exception {
        Proactor proactor = bench().proactor();
        Pending pending = new Pending(bench());
        List<Recorder<Integer>> transfers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Pair pair = bench().accepted();
            transfers.add(pair.read(ByteBuffer.allocate(8)));
            transfers.add(pair.write(ByteBuffer.allocate(8 << 20)));
            transfers.add(pair.write(Bytes.of("never")));
        }
        AtomicReference<Long> toldAtTheEnd = new AtomicReference<>();
        CompletionStage<ShutdownReport> stage = proactor.shutdownNow();
        stage.thenRun(() -> toldAtTheEnd.set(
                transfers.stream().filter(each -> each.calls() == 1).count()));
        ShutdownReport report = join(stage);
        assertThat(transfers).allMatch(each -> each.calls() == 1);
        Until.until("the stage has run", () -> toldAtTheEnd.get() != null);
        assertThat(toldAtTheEnd.get()).isEqualTo(transfers.size());
        for (Recorder<Integer> each : transfers) {
            each.failure(ProactorShutdownException.class);
        }
        pending.assertShutDown();
        assertThat(report.finished() + report.aborted())
                .isEqualTo(transfers.size() + (long) Pending.COUNT);
        assertThat(proactor.statistics().outstanding()).isZero();
    }

    @Test
    @DisplayName("T30 what is initiated after the end is rejected, and its handler never called")
    default void operationsAfterTheEndAreRejected() throws Exception {
        Proactor proactor = bench().proactor();
        Pair pair = bench().accepted();
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Timer timer = proactor.newTimer();
        StreamSocket unconnected = proactor.newSocket();
        join(proactor.shutdownNow());
        long issued = proactor.statistics().issued();
        Recorder<Object> never = bench().recorder();
        Recorder<Integer> neverMoved = bench().recorder();
        Recorder<Void> neverTicked = bench().recorder();
        Recorder<StreamSocket> neverConnected = bench().recorder();
        Recorder<Accepted> neverAccepted = bench().recorder();
        assertRejected(() -> pair.socket().read(ByteBuffer.allocate(8), null, neverMoved));
        assertRejected(() -> pair.socket().write(Bytes.of("x"), null, neverMoved));
        assertRejected(() -> timer.schedule(1, TimeUnit.MILLISECONDS, null, neverTicked));
        assertRejected(() -> unconnected.connect(Bench.closedPort(), null, neverConnected));
        assertRejected(() -> acceptor.accept(null, neverAccepted));
        assertRejected(() -> proactor.post("late", null, never));
        assertThat(pair.socket().bytesQueued()).isZero();
        assertThat(proactor.statistics().issued()).isEqualTo(issued);
        assertThat(never.calledWithin(50)).isFalse();
        assertThat(List.of(neverMoved, neverTicked, neverConnected, neverAccepted))
                .allMatch(each -> each.calls() == 0);
    }

    private static void assertRejected(Body body) {
        assertThatThrownBy(body::run).isInstanceOf(RejectedExecutionException.class);
    }

    /** What is to be rejected. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    @Test
    @DisplayName("T30 a handler may shut down and close; waiting for the end it may not")
    default void handlerMayShutDown() throws Exception {
        for (boolean byClose : new boolean[] {false, true}) {
            Proactor proactor = bench().open(options -> options);
            CompletableFuture<Throwable> refusal = new CompletableFuture<>();
            Recorder<String> handler = bench().recorder(call -> {
                if (byClose) {
                    proactor.close();
                } else {
                    proactor.shutdown(LONG);
                }
                try {
                    proactor.awaitTermination();
                } catch (IllegalStateException | InterruptedException e) {
                    refusal.complete(e);
                }
            });
            proactor.post("posted", null, handler);
            assertThat(refusal.get(Until.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(proactor.awaitTermination(Duration.ofSeconds(Until.PATIENCE_SECONDS)))
                    .isTrue();
        }
    }

    @Test
    @DisplayName("T30 the end of the grace can be brought forward, and close may be called by many")
    default void graceCanBeBroughtForward() throws Exception {
        Proactor proactor = bench().proactor();
        Pair stuck = bench().accepted();
        Recorder<Integer> write = stuck.write(ByteBuffer.allocate(16 << 20));
        CompletionStage<ShutdownReport> stage = proactor.shutdown(LONG);
        assertThat(write.calledWithin(100)).isFalse();
        List<Future<Void>> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(bench().start(() -> {
                proactor.shutdownNow();
                proactor.close();
                return null;
            }));
        }
        for (Future<Void> each : closers) {
            Bench.join(each);
        }
        write.failure(ProactorShutdownException.class);
        assertThat(join(stage).aborted()).isEqualTo(1);
    }

    @Test
    @DisplayName("T30 an idle proactor ends at once, however long the grace, and leaves no thread")
    default void idleProactorEndsAtOnce() throws Exception {
        long startNanos = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            Proactor proactor = bench().open(options -> options);
            assertThat(join(proactor.shutdown(LONG)))
                    .isEqualTo(new ShutdownReport(0, 0, join(proactor.shutdown(LONG)).elapsed()));
            Until.until("its threads have ended", () -> Settlement.threads().isEmpty());
        }
        assertThat(System.nanoTime() - startNanos).isLessThan(10_000_000_000L);
    }

    private static <T> T join(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(Until.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
