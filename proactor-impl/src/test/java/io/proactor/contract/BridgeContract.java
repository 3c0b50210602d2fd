package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Completions;
import io.proactor.Connector;
import io.proactor.Frames;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Operations as calls that wait, and as stages. */
interface BridgeContract extends Contract {

    @Test
    @DisplayName("Every kind of operation can be waited for")
    default void everyKindCanBeAwaited() throws Exception {
        Completions completions = completions();
        Proactor proactor = bench().proactor();
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        CompletableFuture<Accepted> accept = completions.stage(h -> acceptor.accept(null, h));
        StreamSocket client = bench().keep(completions.<StreamSocket>await(
                h -> proactor.connect(acceptor.localAddress(), null, h)));
        StreamSocket server = bench().keep(accept.get(20, TimeUnit.SECONDS).socket());
        int written = completions.await(h -> client.write(Bytes.of("hello"), null, h));
        assertThat(written).isEqualTo(5);
        ByteBuffer target = ByteBuffer.allocate(5);
        int count = completions.await(h -> server.readExactly(target, null, h));
        assertThat(count).isEqualTo(5);
        assertThat(Bytes.text(target)).isEqualTo("hello");
        // No type is named, nor is the result kept.
        completions.await(h -> server.write(Bytes.of("abc"), null, h));
        completions.await(h -> client.readExactly(ByteBuffer.allocate(3), null, h));
        Timer timer = bench().keep(bench().proactor().newTimer());
        Void tick = completions.await(h -> timer.schedule(1, TimeUnit.MILLISECONDS, null, h));
        assertThat(tick).isNull();
    }

    @Test
    @DisplayName("A failure is thrown with its type, and with the stack of the one who waited")
    default void failuresAreThrownTypedWithTheCallersStack() throws Exception {
        Pair pair = bench().accepted();
        OperationTimedOutException late = catchThrowableOfType(OperationTimedOutException.class,
                () -> completions().<Integer>await(h -> pair.socket()
                        .read(ByteBuffer.allocate(1), 20, TimeUnit.MILLISECONDS, null, h)));
        assertThat(late.bytesMoved()).isZero();
        Proactor proactor = bench().proactor();
        InetSocketAddress closed = Bench.closedPort();
        ConnectException refused = catchThrowableOfType(ConnectException.class,
                () -> completions().<StreamSocket>await(
                        h -> proactor.connect(closed, null, h)));
        for (Throwable each : List.of(late, refused)) {
            assertThat(each.getStackTrace()[0].getClassName())
                    .as("the first frame").startsWith(BridgeContract.class.getName());
        }
        pair.roundTrips();
    }

    @Test
    @DisplayName("An interrupt cancels the operation that is waited for, and nothing else")
    default void interruptCancelsThatOperationOnly() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(8 << 20, 5);
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(bytes));
        Waiting waiting = new Waiting(
                () -> completions().<Integer>await(
                        h -> pair.socket().read(ByteBuffer.allocate(8), null, h)));
        waiting.awaitParked();
        waiting.interrupt();
        Throwable thrown = waiting.thrown();
        assertThat(thrown).isExactlyInstanceOf(OperationCancelledException.class);
        assertThat(((OperationCancelledException) thrown).bytesMoved()).isZero();
        assertThat(waiting.interruptedAfterwards()).isTrue();
        assertThat(write.calls()).isZero();
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(write.value()).isEqualTo(bytes.length);
        pair.roundTrips();
    }

    @Test
    @DisplayName("An interrupt cancels an accept, a timer and a connect to a host just so")
    default void interruptCancelsOperationsOfEveryKind() throws Exception {
        Proactor proactor = bench().proactor();
        Completions completions = completions();
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Timer timer = bench().keep(proactor.newTimer());
        CountDownLatch answer = bench().gate();
        Connector connector = proactor.connector().withResolver(host -> {
            Bench.pass(answer);
            return Host.refusing(1);
        });
        for (Waiting waiting : List.of(
                new Waiting(() -> completions.<Accepted>await(h -> acceptor.accept(null, h))),
                new Waiting(() -> completions.<Void>await(
                        h -> timer.schedule(1, TimeUnit.HOURS, null, h))),
                new Waiting(() -> completions.<StreamSocket>awaitComposed(
                        h -> connector.connect("host", 1, null, h))))) {
            waiting.awaitParked();
            waiting.interrupt();
            assertThat(waiting.thrown()).isExactlyInstanceOf(OperationCancelledException.class);
            assertThat(waiting.interruptedAfterwards()).isTrue();
        }
        bench().accepted(acceptor).roundTrips();
    }

    @Test
    @DisplayName("Who is interrupted already does not wait, and stays interrupted")
    default void interruptedCallerDoesNotWait() throws Exception {
        Pair pair = bench().accepted();
        Waiting waiting = new Waiting(() -> {
            Thread.currentThread().interrupt();
            return completions().<Integer>await(
                    h -> pair.socket().read(ByteBuffer.allocate(8), null, h));
        });
        assertThat(waiting.thrown()).isInstanceOf(OperationCancelledException.class);
        assertThat(waiting.interruptedAfterwards()).isTrue();
        pair.roundTrips();
    }

    @Test
    @DisplayName("An interrupt cancels a composed operation as a whole, and what came is kept")
    default void interruptCancelsComposedOperation() throws Exception {
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 1, 255);
        pair.peer().send("\3a");
        Waiting waiting = new Waiting(
                () -> completions().<ByteBuffer>awaitComposed(h -> frames.read(null, h)));
        waiting.awaitParked();
        waiting.interrupt();
        assertThat(waiting.thrown()).isInstanceOf(OperationCancelledException.class);
        pair.peer().send("bc");
        ByteBuffer frame = completions().awaitComposed(h -> frames.read(null, h));
        assertThat(frame).isEqualTo(Bytes.of("abc"));
    }

    @Test
    @DisplayName("A handler is refused to wait, before anything is initiated")
    default void handlerMayNotWait() throws Exception {
        Pair pair = bench().accepted();
        AtomicInteger initiated = new AtomicInteger();
        Throwable[] thrown = new Throwable[2];
        Recorder<String> handler = bench().recorder(call -> {
            thrown[0] = catchThrowable(() -> completions().<Integer>await(h -> {
                initiated.incrementAndGet();
                return pair.socket().write(Bytes.of("x"), null, h);
            }));
            thrown[1] = catchThrowable(() -> completions().<ByteBuffer>awaitComposed(h -> {
                initiated.incrementAndGet();
                return new Frames(pair.socket(), 1, 1).read(null, h);
            }));
        });
        bench().proactor().post("posted", null, handler);
        handler.value();
        assertThat(thrown).hasOnlyElementsOfType(IllegalStateException.class);
        assertThat(initiated).hasValue(0);
        pair.roundTrips();
    }

    @Test
    @DisplayName("What the initiation throws reaches the caller of the bridge")
    default void misuseReachesTheCaller() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(1));
        assertThatThrownBy(() -> completions().<Integer>await(
                h -> pair.socket().read(ByteBuffer.allocate(1), null, h)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> completions().<Integer>stage(
                h -> pair.socket().read(ByteBuffer.allocate(1), null, h)))
                .isInstanceOf(IllegalStateException.class);
        pair.peer().send("x");
        assertThat(pending.value()).isEqualTo(1);
    }

    @Test
    @DisplayName("A stage may be begun by a handler, and what depends on it runs")
    default void stagesMayBeChained() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer buffer = ByteBuffer.allocate(3);
        pair.peer().send("abc");
        Recorder<String> begin = bench().recorder();
        CompletableFuture<Integer> echoed = new CompletableFuture<>();
        bench().proactor().post("begin", null, bench().recorder(call -> completions()
                .<Integer>stage(h -> pair.socket().readExactly(buffer, null, h))
                .thenCompose(count -> completions()
                        .<Integer>stage(h -> pair.socket().write(buffer.flip(), null, h)))
                .thenAccept(echoed::complete)));
        bench().proactor().post("other", null, begin);
        assertThat(echoed.get(20, TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(pair.peer().receive(3)).isEqualTo("abc");
        begin.value();
    }

    @Test
    @DisplayName("A cancel of the stage cancels its operation, and nothing else")
    default void cancelOfStageCancelsThatOperationOnly() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> write = pair.write(ByteBuffer.allocate(8 << 20));
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Integer> read = completions().stage(
                    h -> pair.socket().read(ByteBuffer.allocate(8), null, h));
            assertThat(read.cancel(true)).isTrue();
            assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS))
                    .hasCauseExactlyInstanceOf(OperationCancelledException.class);
            assertThat(read.isCancelled()).isTrue();
            assertThat(read.cancel(true)).isFalse();
        }
        assertThat(write.calls()).isZero();
        assertThat(pair.peer().receiveBytes(8 << 20)).hasSize(8 << 20);
        write.value();
        pair.roundTrips();
    }

    @Test
    @DisplayName("A stage that is complete cannot be cancelled; one that fails, fails typed")
    default void finishedStagesKeepTheirOutcome() throws Exception {
        Pair pair = bench().accepted();
        CompletableFuture<Integer> write =
                completions().stage(h -> pair.socket().write(Bytes.of("x"), null, h));
        assertThat(write.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(write.cancel(true)).isFalse();
        assertThat(write.isCancelled()).isFalse();
        CompletableFuture<Integer> read = completions().stage(h -> pair.socket()
                .read(ByteBuffer.allocate(1), 20, TimeUnit.MILLISECONDS, null, h));
        assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS))
                .hasCauseExactlyInstanceOf(OperationTimedOutException.class);
        assertThat(read.cancel(true)).isFalse();
    }

    @Test
    @DisplayName("200 virtual threads wait at a time, on fewer threads than that")
    default void virtualThreadsPark() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 21,
                "This JVM has no virtual threads.");
        int count = 200;
        List<Pair> pairs = new ArrayList<>();
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        Completions completions = completions();
        for (int i = 0; i < count; i++) {
            Pair pair = bench().accepted();
            pairs.add(pair);
            CompletableFuture<Integer> result = new CompletableFuture<>();
            results.add(result);
            startVirtual(() -> {
                try {
                    result.complete(completions.<Integer>await(
                            h -> pair.socket().read(ByteBuffer.allocate(8), null, h)));
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
        }
        Until.until("all reads are pending",
                () -> bench().proactor().statistics().outstanding() == count);
        for (Pair pair : pairs) {
            pair.peer().send("abc");
        }
        for (Future<Integer> result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS)).isBetween(1, 3);
        }
    }

    private Completions completions() {
        try {
            return Completions.of(bench().proactor());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Tests are compiled for Java 17 too, so the method is called by its name. */
    private static void startVirtual(Runnable body) throws ReflectiveOperationException {
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
    }
}
