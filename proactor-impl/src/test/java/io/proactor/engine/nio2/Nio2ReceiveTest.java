package io.proactor.engine.nio2;

import static io.proactor.engine.nio2.Nio2Bench.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import io.proactor.ResetByPeerException;
import io.proactor.SocketClosedException;
import io.proactor.spi.ReceiveLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads whose buffer is picked when there is something to put into it, and those without one. */
final class Nio2ReceiveTest {

    /** Enough for every test, and too short to be waited for in vain. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Physical reads that the test answers itself, when it has said so. */
    private static final class AnsweredReads extends PassingCalls {
        final Queue<Answer> reads = new ConcurrentLinkedQueue<>();
        volatile boolean held = true;
        volatile Runnable beforehand = () -> { };

        @Override
        public void read(AsynchronousSocketChannel channel, ByteBuffer target,
                CompletionHandler<Integer, @Nullable Void> handler) {
            beforehand.run();
            if (held) {
                reads.add(new Answer(target, handler));
            } else {
                super.read(channel, target, handler);
            }
        }

        Answer take() throws Exception {
            Nio2Bench.until("a physical read", () -> !reads.isEmpty());
            return reads.remove();
        }
    }

    private record Answer(ByteBuffer target, CompletionHandler<Integer, @Nullable Void> handler) {

        void bring(String text) {
            target.put(Nio2Bench.bytes(text));
            handler.completed(text.length(), null);
        }
    }

    @Test
    void receiveThatWaitsHoldsOneByteAndNoLease() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            List<Nio2Bench.Pair> pairs = new ArrayList<>();
            List<Recorded<Leased>> receives = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pairs.add(bench.connected());
                receives.add(bench.receive(pairs.get(i).handle()));
            }
            Nio2Bench.until("all wait", () -> bench.singleBuffersLent() == 20);
            assertThat(bench.buffersLent()).isEqualTo(20);
            assertThat(bench.processor.receiveBuffers().out()).isZero();
            for (int i = 0; i < 20; i++) {
                pairs.get(i).send("message " + i);
                assertThat(receives.get(i).value().taken()).isEqualTo("message " + i);
            }
            Nio2Bench.until("all is back", () -> bench.buffersLent() == 0);
        }
    }

    /** One byte at a time is never all that a receive brings when more is there. */
    @Test
    void receiveBringsWhatIsThere() throws Exception {
        for (int loops = 1; loops <= 2; loops++) {
            try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, loops)) {
                Nio2Bench.Pair pair = bench.connected();
                for (int i = 0; i < 300; i++) {
                    String text = "x".repeat(2 + i % 60) + i;
                    boolean before = i % 2 == 0;
                    if (before) {
                        pair.send(text);  // on a loopback, sent is received
                    }
                    Recorded<Leased> receive = bench.receive(pair.handle());
                    if (!before) {
                        pair.send(text);
                    }
                    assertThat(receive.value().taken()).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void receiveOfASingleByteDoesNotWaitForMore() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            StringBuilder received = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                Recorded<Leased> receive = bench.receive(pair.handle());
                pair.send(Integer.toString(i % 10));
                received.append(receive.value().taken());
            }
            assertThat(received.toString()).isEqualTo("0123456789".repeat(5));
        }
    }

    @Test
    void physicalReadIsNeverIntoALease() throws Exception {
        AnsweredReads calls = new AnsweredReads();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Leased> receive = bench.receive(pair.handle());
            Answer first = calls.take();
            assertThat(first.target().remaining()).isEqualTo(1);
            assertThat(bench.processor.receiveBuffers().out()).isZero();
            first.bring("a");
            Answer second = calls.take();
            assertThat(second.target().remaining()).isGreaterThan(1);
            // It does not land; the receive ends all the same.
            Leased leased = receive.value();
            assertThat(second.target()).isNotSameAs(leased.buffer().bytes());
            assertThat(leased.taken()).isEqualTo("a");
            second.bring("bcd");
            assertThat(bench.receive(pair.handle(), 2, 0).value().taken()).isEqualTo("bc");
            assertThat(bench.receive(pair.handle(), 2, 0).value().taken()).isEqualTo("d");
            calls.held = false;
        }
    }

    @Test
    void receiveIsBoundedByTheCallerAndByTheBuffer() throws Exception {
        ReceiveLimits limits = new ReceiveLimits(64, 4, 2);
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 2, limits)) {
            Nio2Bench.Pair pair = bench.connected();
            pair.send("abc" + "x".repeat(100));
            assertThat(bench.receive(pair.handle(), 1, 0).value().taken()).isEqualTo("a");
            assertThat(bench.receive(pair.handle(), 2, 0).value().taken()).isEqualTo("bc");
            assertThat(bench.receive(pair.handle()).value().taken()).isEqualTo("x".repeat(64));
            assertThat(bench.receive(pair.handle()).value().taken()).isEqualTo("x".repeat(36));
        }
    }

    @Test
    void receiveWithoutCreditWaitsForAReleaseOfItsOwn() throws Exception {
        ReceiveLimits limits = new ReceiveLimits(64, 4, 1);
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 2, limits)) {
            Nio2Bench.Pair pair = bench.connected();
            Nio2Bench.Pair other = bench.connected();
            pair.send("one");
            Leased one = bench.receive(pair.handle()).value();
            pair.send("two");
            Recorded<Leased> second = bench.receive(pair.handle());
            other.send("other");
            assertThat(bench.receive(other.handle()).value().taken()).isEqualTo("other");
            assertThat(second.calledWithin(30)).isFalse();
            assertThat(one.text()).as("what is leased stays").isEqualTo("one");
            one.release();
            assertThat(second.value().taken()).isEqualTo("two");
        }
    }

    @Test
    void receivesWithoutABufferGoOnWhenOneComesBack() throws Exception {
        ReceiveLimits limits = new ReceiveLimits(64, 1, 1);
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 2, limits)) {
            Nio2Bench.Pair first = bench.connected();
            first.send("first");
            Leased only = bench.receive(first.handle()).value();
            Nio2Bench.Pair second = bench.connected();
            second.send("second");
            Recorded<Leased> starving = bench.receive(second.handle());
            Nio2Bench.Pair third = bench.connected();
            third.send("third");
            Recorded<Leased> behind = bench.receive(third.handle());
            assertThat(starving.calledWithin(30)).isFalse();
            // What gives up makes room for who is behind.
            assertThat(bench.cancel(starving)).isTrue();
            starving.failure(OperationCancelledException.class);
            only.release();
            assertThat(behind.value().taken()).isEqualTo("third");
            assertThat(bench.readText(second.handle(), 6)).as("lost nothing").isEqualTo("second");
        }
    }

    @Test
    void receiveThatStarvesTimesOutAndIsEndedByADrain() throws Exception {
        ReceiveLimits limits = new ReceiveLimits(64, 1, 1);
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 2, limits)) {
            Nio2Bench.Pair first = bench.connected();
            first.send("first");
            Leased only = bench.receive(first.handle()).value();
            Nio2Bench.Pair second = bench.connected();
            second.send("second");
            bench.receive(second.handle(), 64, SOON_NANOS)
                    .failure(OperationTimedOutException.class);
            Recorded<Leased> drained = bench.receive(second.handle());
            bench.processor.drain();
            drained.failure(ProactorShutdownException.class);
            only.release();
        }
    }

    @Test
    void cancelAndTimeoutOfAReceiveLoseNoByte() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            for (int i = 0; i < 50; i++) {
                Recorded<Leased> receive = bench.receive(pair.handle(), 64, i % 2 * 1_000_000L);
                if (i % 2 == 0) {
                    assertThat(bench.cancel(receive)).isTrue();
                }
                Throwable cause = receive.cause();
                assertThat(cause).isInstanceOfAny(OperationCancelledException.class,
                        OperationTimedOutException.class);
                pair.send("late " + i);
                String text = "late " + i;
                assertThat(i % 3 == 0 ? bench.readText(pair.handle(), text.length())
                        : bench.receive(pair.handle()).value().taken()).isEqualTo(text);
            }
        }
    }

    @Test
    void receiveWithinItsLookHasSucceeded() throws Exception {
        AnsweredReads calls = new AnsweredReads();
        try (Nio2Bench bench = new Nio2Bench(calls, 1)) {
            for (int i = 0; i < 4; i++) {
                Nio2Bench.Pair pair = bench.connected();
                CountDownLatch busy = new CountDownLatch(1);
                Recorded<Leased> receive = bench.receive(pair.handle());
                Answer first = calls.take();
                // So that the look takes its time.
                calls.beforehand = () -> bench.processor.pass(() -> await(busy));
                first.bring("a");
                Answer look = calls.take();
                calls.beforehand = () -> { };
                if (i == 0) {
                    assertThat(bench.cancel(receive)).isTrue();
                    busy.countDown();
                } else if (i == 1) {
                    pair.handle().close();
                } else if (i == 2) {
                    look.handler().failed(new IOException("Connection reset by peer"), null);
                } else {
                    look.handler().completed(-1, null);
                }
                assertThat(receive.value().taken()).isEqualTo("a");
                busy.countDown();
                if (i == 2) {
                    bench.receive(pair.handle()).failure(ResetByPeerException.class);
                } else if (i == 3) {
                    assertThat(bench.receive(pair.handle()).value()).isNull();
                } else {
                    look.handler().completed(0, null);
                }
                pair.handle().close();
            }
            calls.held = false;
        }
    }

    @Test
    void endOfStreamIsNoLease() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Leased> receive = bench.receive(pair.handle());
            pair.send("last");
            pair.peer().shutdownOutput();
            assertThat(receive.value().taken()).isEqualTo("last");
            assertThat(bench.receive(pair.handle()).value()).isNull();
            assertThat(bench.receive(pair.handle()).value()).isNull();
            assertThat(bench.processor.receiveBuffers().out()).isZero();
        }
    }

    @Test
    void closeAndDrainEndAReceiveThatWaits() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair closed = bench.connected();
            Recorded<Leased> receive = bench.receive(closed.handle());
            closed.handle().close();
            receive.failure(SocketClosedException.class);
            Nio2Bench.Pair drained = bench.connected();
            Recorded<Leased> waiting = bench.receive(drained.handle());
            Recorded<Object> wait = bench.waitReadable(bench.connected().handle(), 0);
            bench.processor.drain();
            waiting.failure(ProactorShutdownException.class);
            wait.failure(ProactorShutdownException.class);
        }
    }

    @Test
    void waitTakesNoByteAndTheNextReadGetsAll() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            for (int i = 0; i < 100; i++) {
                Recorded<Object> wait = bench.waitReadable(pair.handle(), 0);
                Nio2Bench.until("only one byte is wanted", () ->
                        bench.processor.smallBuffers().lent() == 0);
                String text = "message " + i;
                pair.send(text);
                assertThat(wait.value()).isNull();
                bench.waitReadable(pair.handle(), 0).value();
                ByteBuffer target = ByteBuffer.allocate(64);
                if (i % 2 == 0) {
                    assertThat(bench.read(pair.handle(), target, 1).value())
                            .isEqualTo(text.length());
                    assertThat(text(target)).isEqualTo(text);
                } else {
                    assertThat(bench.receive(pair.handle()).value().taken()).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void endAndFailureCompleteAWaitAndTheNextReadTells() throws Exception {
        AnsweredReads calls = new AnsweredReads();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair ended = bench.connected();
            Recorded<Object> end = bench.waitReadable(ended.handle(), 0);
            calls.take().handler().completed(-1, null);
            end.value();
            assertThat(bench.read(ended.handle(), ByteBuffer.allocate(8), 1).value()).isEqualTo(-1);
            Nio2Bench.Pair reset = bench.connected();
            Recorded<Object> failure = bench.waitReadable(reset.handle(), 0);
            calls.take().handler().failed(new IOException("Connection reset by peer"), null);
            failure.value();
            bench.read(reset.handle(), ByteBuffer.allocate(8), 1)
                    .failure(ResetByPeerException.class);
        }
    }

    @Test
    void waitTimesOutAndIsCancelled() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            bench.waitReadable(pair.handle(), SOON_NANOS)
                    .failure(OperationTimedOutException.class);
            Recorded<Object> wait = bench.waitReadable(pair.handle(), 0);
            assertThat(bench.cancel(wait)).isTrue();
            wait.failure(OperationCancelledException.class);
            ByteBuffer target = ByteBuffer.allocate(8);
            Recorded<Integer> read = bench.read(pair.handle(), target, 1);
            pair.send("abc");
            assertThat(read.value()).as("not just the one byte").isEqualTo(3);
        }
    }

    /** The timeout elapses while the only thread that could bring the bytes is busy. */
    @Test
    void bytesThatArrivedWhileTheGroupWasBusyBeatTheTimeout() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 1)) {
            Nio2Bench.Pair pair = bench.connected();
            for (int i = 0; i < 60; i++) {
                CountDownLatch began = new CountDownLatch(1);
                CountDownLatch busy = new CountDownLatch(1);
                bench.processor.pass(() -> {
                    began.countDown();
                    await(busy);
                });
                assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
                boolean before = i % 2 == 0;
                if (before) {
                    pair.send("here");
                }
                ByteBuffer target = ByteBuffer.allocate(4);
                Recorded<?> read = i % 3 == 0 ? bench.receive(pair.handle(), 4, 2_000_000)
                        : bench.read(pair.handle(), target, 4, 2_000_000);
                if (!before) {
                    pair.send("here");
                }
                // The watch over the group has one of its own.
                Nio2Bench.until("the timeout", () -> bench.processor.clock().armed() <= 1);
assertThat(read.calledWithin(1)).as("round " + i).isFalse();
                busy.countDown();
                if (read.value() instanceof Leased leased) {
                    assertThat(leased.taken()).isEqualTo("here");
                } else {
                    assertThat(text(target)).isEqualTo("here");
                }
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
