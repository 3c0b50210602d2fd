package io.proactor.engine.nio2;

import static io.proactor.engine.nio2.Nio2Bench.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.OperationCancelledException;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.TransferFailedException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of the bytes of physical reads, and of the buffers. */
final class Nio2ReadTest {

    /** Physical reads that the test answers itself. */
    private static final class HeldReads extends PassingCalls {
        final Queue<CompletionHandler<Integer, @Nullable Void>> handlers =
                new ConcurrentLinkedQueue<>();
        volatile @Nullable ByteBuffer target;

        @Override
        public void read(AsynchronousSocketChannel channel, ByteBuffer target,
                CompletionHandler<Integer, @Nullable Void> handler) {
            this.target = target;
            handlers.add(handler);
        }

        CompletionHandler<Integer, @Nullable Void> take() throws Exception {
            Nio2Bench.until("a physical read", () -> !handlers.isEmpty());
            return handlers.remove();
        }
    }

    @Test
    void bytesThatComeAfterACancelGoToTheNextRead() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            for (int i = 0; i < 50; i++) {
                ByteBuffer target = ByteBuffer.allocate(8);
                Recorded<Integer> read = bench.read(pair.handle(), target, 1);
                assertThat(bench.cancel(read)).isTrue();
                assertThat(read.failure(OperationCancelledException.class).bytesMoved()).isZero();
                pair.send("late");
                assertThat(bench.readText(pair.handle(), 4)).isEqualTo("late");
                assertThat(target.position()).as("the cancelled read's buffer").isZero();
            }
            assertThat(bench.listener.failures).isEmpty();
        }
    }

    @Test
    void buffersComeBackWhenNobodyWaits() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            assertThat(bench.buffersLent()).as("idle").isZero();
            Recorded<Integer> read = bench.read(pair.handle(), ByteBuffer.allocate(2), 2);
            Nio2Bench.until("a physical read is armed", () -> bench.buffersLent() == 1);
            pair.send("abc");
            assertThat(read.value()).isEqualTo(2);
            assertThat(bench.buffersLent()).as("a byte is left over").isEqualTo(1);
            assertThat(bench.readText(pair.handle(), 1)).isEqualTo("c");
            Nio2Bench.until("the buffer is back", () -> bench.buffersLent() == 0);
        }
    }

    @Test
    void bufferStaysWithTheJdkUntilItHasCalledBack() throws Exception {
        HeldReads calls = new HeldReads();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Integer> read = bench.read(pair.handle(), ByteBuffer.allocate(8), 1);
            CompletionHandler<Integer, @Nullable Void> handler = calls.take();
            pair.handle().close();
            read.failure(SocketClosedException.class);
            assertThat(bench.buffersLent()).isEqualTo(1);
            assertThat(pair.handle().terminated()).isFalse();
            handler.failed(new AsynchronousCloseException(), null);
            Nio2Bench.until("the handle is terminated", pair.handle()::terminated);
            assertThat(bench.buffersLent()).isZero();
        }
    }

    /** sun.nio.ch.EPollPort.startPoll throws; the channel still has the handler and the buffer. */
    @Test
    void secondCompletionIsIgnoredAndItsBufferNeverUsedAgain() throws Exception {
        HeldReads calls = new HeldReads();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            ByteBuffer target = ByteBuffer.allocate(8);
            Recorded<Integer> read = bench.read(pair.handle(), target, 1);
            CompletionHandler<Integer, @Nullable Void> handler = calls.take();
            ByteBuffer suspect = calls.target;
            handler.failed(new AssertionError("thrown by startPoll"), null);
            assertThat(read.failure(TransferFailedException.class)).hasCauseInstanceOf(
                    AssertionError.class);
            Nio2Bench.until("the connection is given up", pair.handle()::terminated);
            handler.failed(new AsynchronousCloseException(), null);
            handler.completed(5, null);
            assertThat(read.calls()).isEqualTo(1);
            assertThat(calls.handlers).as("further physical reads").isEmpty();
            assertThat(pair.peer().getInputStream().read()).as("the peer is told").isEqualTo(-1);
            assertThat(bench.buffersLent()).isZero();
            assertThat(bench.processor.smallBuffers().borrow()).isNotSameAs(suspect);
            bench.processor.smallBuffers().abandoned();
        }
    }

    @Test
    void noPhysicalReadIsBegunUnlessAReadWaits() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        Nio2Calls counting = new PassingCalls() {
            @Override
            public void read(AsynchronousSocketChannel channel, ByteBuffer target,
                    CompletionHandler<Integer, @Nullable Void> handler) {
                reads.incrementAndGet();
                super.read(channel, target, handler);
            }
        };
        try (Nio2Bench bench = new Nio2Bench(counting)) {
            Nio2Bench.Pair pair = bench.connected();
            pair.send("0123456789");
            assertThat(bench.read(pair.handle(), ByteBuffer.allocate(0), 0).value()).isZero();
            assertThat(reads).hasValue(0);
            for (int i = 0; i < 10; i++) {
                assertThat(bench.readText(pair.handle(), 1)).isEqualTo(Integer.toString(i));
            }
            assertThat(reads).as("one physical read for ten").hasValue(1);
        }
    }

    @Test
    void readWhoseBytesAreThereIsServedWhileDraining() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 1 + round % 2)) {
                Nio2Bench.Pair pair = bench.connected();
                Nio2Bench.Pair waiting = bench.connected();
                Recorded<Integer> idle =
                        bench.read(waiting.handle(), ByteBuffer.allocate(8), 1);
                bench.processor.drain();
                idle.failure(ProactorShutdownException.class);
                pair.send("served");  // on a loopback, sent is received
                ByteBuffer target = ByteBuffer.allocate(6);
                assertThat(bench.read(pair.handle(), target, 6).value()).isEqualTo(6);
                assertThat(text(target)).isEqualTo("served");
                Recorded<Integer> next = bench.read(pair.handle(), target.clear(), 1);
                next.failure(ProactorShutdownException.class);
                assertThat(pair.handle().isOpen()).isTrue();
            }
        }
    }

    @Test
    void readThatWaitsForItsTimeoutCanBeServedAtTheLastMoment() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            StringBuilder received = new StringBuilder();
            StringBuilder sent = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                ByteBuffer target = ByteBuffer.allocate(4);
                Recorded<Integer> read =
                        bench.read(pair.handle(), target, 4, TimeUnit.MICROSECONDS.toNanos(1_000));
                LockSupport.parkNanos(900_000);
                String four = String.format("%04d", i);
                pair.send(four);
                sent.append(four);
                read.cause();
                received.append(text(target));
            }
            int missing = sent.length() - received.length();
            received.append(bench.readText(pair.handle(), missing));
            assertThat(received.toString()).isEqualTo(sent.toString());
        }
    }
}
