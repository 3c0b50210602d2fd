package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.OperationCancelledException;
import io.proactor.ResetByPeerException;
import io.proactor.WriteQueueFullException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The writing half of T21: whole writes, gathering writes, bounds, and the end of the output. */
interface WriteContract extends Contract {

    @Test
    @DisplayName("T21 16 MiB to a reader that starts after 500 ms: one completion, with all of "
            + "them")
    default void hugeWriteCompletesOnceWithAllBytes() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(16 << 20, 21);
        Future<byte[]> reader = bench().start(() -> {
            LockSupport.parkNanos(500_000_000);
            return pair.peer().receiveBytes(bytes.length);
        });
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Recorder<Integer> write = pair.write(source);
        assertThat(write.value()).isEqualTo(16_777_216);
        assertThat(source.hasRemaining()).isFalse();
        assertThat(Bench.join(reader)).isEqualTo(bytes);
        assertThat(write.calls()).isEqualTo(1);
    }

    @Test
    @DisplayName("T21 when the peer dies midway, the write reports the bytes that were moved")
    default void peerThatDiesMidwayIsReportedWithTheBytes() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer source = ByteBuffer.allocate(16 << 20);
        Recorder<Integer> write = pair.write(source);
        Recorder<Integer> behind = pair.write(Bytes.of("never"));
        pair.peer().receiveBytes(1 << 20);
        pair.peer().reset();
        ResetByPeerException failure = write.failure(ResetByPeerException.class);
        assertThat(failure.bytesMoved()).isBetween(1L << 20, (16L << 20) - 1);
        assertThat(source.position()).isEqualTo((int) failure.bytesMoved());
        assertThat(behind.failure(ResetByPeerException.class).bytesMoved()).isZero();
    }

    @Test
    @DisplayName("A write does not wait for the read that is pending, nor the read for the write")
    default void readAndWriteDoNotWaitForEachOther() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
        assertThat(pair.write(Bytes.of("out")).value()).isEqualTo(3);
        assertThat(pair.peer().receive(3)).isEqualTo("out");
        assertThat(read.calls()).isZero();
        Recorder<Integer> stuck = pair.write(ByteBuffer.allocate(16 << 20));
        pair.peer().send("in");
        assertThat(read.value()).isBetween(1, 2);
        assertThat(stuck.calls()).isZero();
    }

    @Test
    @DisplayName("Buffers of all kinds are written from their position to their limit")
    default void sourcesAreWrittenBetweenPositionAndLimit() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer direct = ByteBuffer.allocateDirect(16).put(Bytes.of("0123456789")).flip();
        ByteBuffer heap = Bytes.of("0123456789");
        for (ByteBuffer source : new ByteBuffer[] {heap, direct, heap.duplicate().slice(),
                Bytes.of("0123456789").asReadOnlyBuffer()}) {
            source.position(2).limit(7);
            assertThat(pair.write(source).value()).isEqualTo(5);
            assertThat(source.position()).isEqualTo(7);
            assertThat(source.limit()).isEqualTo(7);
            assertThat(pair.peer().receive(5)).isEqualTo("23456");
        }
    }

    @Test
    @DisplayName("A write of nothing completes with 0, in its place among the others")
    default void emptyWriteCompletesInItsPlace() throws Exception {
        Pair pair = bench().accepted();
        List<String> order = new ArrayList<>();
        Recorder<Integer> first = bench().recorder(call -> order.add("first"));
        Recorder<Integer> empty = bench().recorder(call -> order.add("empty"));
        Recorder<Integer> last = bench().recorder(call -> order.add("last"));
        pair.socket().write(ByteBuffer.allocate(8 << 20), null, first);
        pair.socket().write(ByteBuffer.allocate(0), null, empty);
        pair.socket().write(new ByteBuffer[0], null, last);
        assertThat(empty.calledWithin(50)).isFalse();
        pair.peer().receiveBytes(8 << 20);
        assertThat(first.value()).isEqualTo(8 << 20);
        assertThat(empty.value()).isZero();
        assertThat(last.value()).isZero();
        assertThat(order).containsExactly("first", "empty", "last");
    }

    @Test
    @DisplayName("A gathering write puts out all its buffers, empty ones included, in order")
    default void gatheringWriteKeepsTheOrderOfItsSources() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer[] sources = {ByteBuffer.allocate(0), Bytes.of("one"),
                ByteBuffer.allocateDirect(0), Bytes.of("xtwox").position(1).limit(4),
                Bytes.of("three").asReadOnlyBuffer(), ByteBuffer.allocate(0)};
        Recorder<Integer> write = bench().recorder();
        pair.socket().write(sources, null, write);
        assertThat(write.value()).isEqualTo(11);
        assertThat(pair.peer().receive(11)).isEqualTo("onetwothree");
        assertThat(sources).allMatch(source -> !source.hasRemaining());
    }

    /** More than the 1,024 buffers that writev(2) takes in one call (IOV_MAX), and more bytes. */
    @Test
    @DisplayName("A gathering write of 3,000 buffers is one write")
    default void gatheringWriteMayHaveManySources() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(3_000 * 1_000, 3_000);
        ByteBuffer[] sources = new ByteBuffer[3_000];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = ByteBuffer.wrap(bytes, i * 1_000, 1_000);
        }
        Recorder<Integer> write = bench().recorder();
        pair.socket().write(sources, null, write);
        Recorder<Integer> behind = pair.write(Bytes.of("end"));
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(pair.peer().receive(3)).isEqualTo("end");
        assertThat(write.value()).isEqualTo(bytes.length);
        assertThat(behind.value()).isEqualTo(3);
    }

    @Test
    @DisplayName("A write queue that is full by bytes refuses, and queues nothing of what it "
            + "refused")
    default void queueThatIsFullByBytesRefuses() throws Exception {
        bench().open(options -> options.withWriteQueue(1_000, 1_000));
        Pair pair = bench().accepted();
        Recorder<Integer> large = pair.write(ByteBuffer.allocate(8 << 20));
        assertThat(pair.socket().bytesQueued()).isEqualTo(8 << 20);
        assertRefused(pair);
        assertThat(pair.socket().bytesQueued()).isEqualTo(8 << 20);
        assertThat(pair.socket().writesQueued()).isEqualTo(1);
        assertTakenUpAgain(pair, large, 8 << 20);
    }

    @Test
    @DisplayName("A write queue that is full by count refuses, and queues nothing of what it "
            + "refused")
    default void queueThatIsFullByCountRefuses() throws Exception {
        bench().open(options -> options.withWriteQueue(1L << 30, 3));
        Pair pair = bench().accepted();
        Recorder<Integer> large = pair.write(ByteBuffer.allocate(8 << 20));
        Recorder<Integer> second = pair.write(Bytes.of("2"));
        Recorder<Integer> third = pair.write(ByteBuffer.allocate(0));
        assertThat(pair.socket().writesQueued()).isEqualTo(3);
        assertRefused(pair);
        assertTakenUpAgain(pair, large, (8 << 20) + 1);
        assertThat(second.value() + third.value()).isEqualTo(1);
    }

    private void assertRefused(Pair pair) throws Exception {
        Recorder<Integer> refused = bench().recorder();
        ByteBuffer source = Bytes.of("refused");
        long issued = bench().proactor().statistics().issued();
        assertThatThrownBy(() -> pair.socket().write(source, null, refused))
                .isInstanceOf(WriteQueueFullException.class)
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.socket().write(new ByteBuffer[] {source}, null, refused))
                .isInstanceOf(WriteQueueFullException.class);
        assertThat(source.position()).isZero();
        assertThat(bench().proactor().statistics().issued()).isEqualTo(issued);
        assertThat(refused.calledWithin(50)).isFalse();
    }

    private static void assertTakenUpAgain(Pair pair, Recorder<Integer> large, int bytes)
            throws Exception {
        pair.peer().receiveBytes(bytes);
        large.value();
        Until.until("the queue is empty", () -> pair.socket().writesQueued() == 0);
        assertThat(pair.socket().bytesQueued()).isZero();
        pair.roundTrips();
    }

    @Test
    @DisplayName("The queue's place is free when the handler runs, so a handler can write again")
    default void handlerFindsItsPlaceFree() throws Exception {
        bench().open(options -> options.withWriteQueue(1, 1));
        Pair pair = bench().accepted();
        Recorder<Integer> second = bench().recorder();
        Recorder<Integer> first = bench().recorder(
                call -> pair.socket().write(Bytes.of("b"), null, second));
        pair.socket().write(Bytes.of("a"), null, first);
        assertThat(second.value()).isEqualTo(1);
        assertThat(pair.peer().receive(2)).isEqualTo("ab");
    }

    @Test
    @DisplayName("shutdownOutput ends the stream behind the queued writes; reading goes on")
    default void shutdownOutputComesBehindQueuedWrites() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(4 << 20, 4);
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(bytes));
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
        pair.socket().shutdownOutput();
        pair.socket().shutdownOutput();
        Recorder<Integer> late = pair.write(Bytes.of("late"));
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        pair.peer().assertEndOfStream();
        assertThat(write.value()).isEqualTo(bytes.length);
        assertThat(late.cause()).as("a write behind the end").isNotNull();
        pair.peer().send("in");
        assertThat(read.value()).isBetween(1, 2);
        assertThat(pair.socket().isOpen()).isTrue();
    }

    @Test
    @DisplayName("T24 of two writes in the queue either may be cancelled; the stream stays exact")
    default void cancelledWritesLeaveTheStreamExact() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(16 << 20, 16);
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Recorder<Integer> started = bench().recorder();
        long startedId = pair.socket().write(source, null, started);
        Recorder<Integer> waiting = bench().recorder();
        long waitingId = pair.socket().write(Bytes.of("never"), null, waiting);
        Recorder<Integer> last = pair.write(Bytes.of("end"));
        byte[] head = pair.peer().receiveBytes(100_000);
        assertThat(pair.socket().cancel(waitingId)).isTrue();
        assertThat(waiting.failure(OperationCancelledException.class).bytesMoved()).isZero();
        assertThat(pair.socket().cancel(startedId)).isTrue();
        long moved = started.failure(OperationCancelledException.class).bytesMoved();
        assertThat(moved).isBetween(100_000L, (16L << 20) - 1);
        assertThat(source.position()).isEqualTo((int) moved);
        byte[] rest = pair.peer().receiveBytes((int) moved - head.length);
        assertThat(head).isEqualTo(Arrays.copyOf(bytes, head.length));
        assertThat(rest).isEqualTo(Arrays.copyOfRange(bytes, head.length, (int) moved));
        assertThat(pair.peer().receive(3)).isEqualTo("end");
        assertThat(last.value()).isEqualTo(3);
        pair.roundTrips();
    }

    @Test
    @DisplayName("A write and at once the end of the output: the write goes out before the end")
    default void writeThatCameBeforeTheEndOfTheOutputGoesOutBeforeIt() throws Exception {
        for (int i = 0; i < 200; i++) {
            Pair pair = bench().accepted();
            Recorder<Integer> first = pair.write(Bytes.of("a"));  // the loop is at work, then
            Recorder<Integer> last = pair.write(Bytes.of("b"));
            pair.socket().shutdownOutput();
            assertThat(pair.peer().receive(2)).isEqualTo("ab");
            pair.peer().assertEndOfStream();
            assertThat(first.value() + last.value()).isEqualTo(2);
            pair.socket().close();
        }
    }
}
