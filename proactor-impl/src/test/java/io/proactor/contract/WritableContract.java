package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.SocketClosedException;
import io.proactor.StreamSocket;
import io.proactor.WriteQueueFullException;
import io.proactor.WriteQueueOptions.Overflow;
import io.proactor.WriteQueueOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T23: the marks of the write queue, of one socket and of all. */
interface WritableContract extends Contract {

    int MESSAGE = 64 << 10;

    /** More than tcp_wmem and tcp_rmem allow together, wherever they have their defaults. */
    int STUCK = 16 << 20;

    /**
     * The first write is more than the buffers of the system take, and a write counts until it is
     * done. So the queue cannot fall before the peer reads, however much those buffers grow.
     */
    @Test
    @DisplayName("T23 refused above high, by no more than a message; one event at low, each time")
    default void oneEventForEachCrossing() throws Exception {
        long high = STUCK + (1 << 20);
        long low = 1 << 18;
        options(WriteQueueOptions.defaults().withMarks(high, low));
        Pair pair = bench().accepted();
        Told told = new Told(pair.socket());
        for (int round = 1; round <= 3; round++) {
            pair.write(ByteBuffer.allocate(STUCK));
            assertThat(pair.socket().isWritable()).isTrue();
            long accepted = STUCK + push(pair);
            assertThat(pair.socket().isWritable()).isFalse();
            assertThat(pair.socket().bytesQueued()).isEqualTo(accepted)
                    .isBetween(high, high + MESSAGE);
            pair.peer().receiveBytes((int) accepted);
            int events = round;
            Until.until("it is told", () -> told.count.get() >= events);
            Until.until("the queue is empty", () -> pair.socket().bytesQueued() == 0);
            pair.roundTrips();
            assertThat(told.count).hasValue(events);
            assertThat(told.bytesQueued).allMatch(bytes -> bytes <= low);
        }
    }

    /** Writes until it is refused; returns how many bytes were not. */
    private long push(Pair pair) {
        long accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            try {
                pair.write(ByteBuffer.allocate(MESSAGE));
                accepted += MESSAGE;
            } catch (WriteQueueFullException e) {
                return accepted;
            }
        }
        throw new AssertionError("The peer does not read, and no write was refused.");
    }

    @Test
    @DisplayName("T23 whoever never reaches high is never told")
    default void nobodyIsToldWithoutACrossing() throws Exception {
        options(WriteQueueOptions.defaults());
        Pair pair = bench().accepted();
        Told told = new Told(pair.socket());
        for (int i = 0; i < 100; i++) {
            pair.write(ByteBuffer.allocate(MESSAGE)).value();
            assertThat(pair.socket().isWritable()).isTrue();
            pair.peer().receiveBytes(MESSAGE);
        }
        pair.roundTrips();
        assertThat(told.count).hasValue(0);
    }

    @Test
    @DisplayName("T23 the number of writes has its marks, too: full at N, writable at N / 4")
    default void numberOfWritesHasItsMarks() throws Exception {
        options(WriteQueueOptions.defaults().withMaximum(1L << 32, 8));
        Pair pair = bench().accepted();
        Told told = new Told(pair.socket());
        pair.write(ByteBuffer.allocate(8 << 20));
        for (int i = 1; i < 8; i++) {
            assertThat(pair.socket().isWritable()).isTrue();
            pair.write(Bytes.of("x"));
        }
        assertThat(pair.socket().isWritable()).isFalse();
        assertThatThrownBy(() -> pair.write(Bytes.of("x")))
                .isInstanceOf(WriteQueueFullException.class);
        assertThat(told.count).hasValue(0);
        pair.peer().receiveBytes((8 << 20) + 7);
        Until.until("it is told", () -> told.count.get() == 1);
        assertThat(told.writesQueued).allMatch(writes -> writes <= 2);
        pair.roundTrips();
        assertThat(told.count).hasValue(1);
    }

    @Test
    @DisplayName("T23 the handler of the event may write; then it is told of the next one")
    default void handlerOfTheEventMayWrite() throws Exception {
        options(WriteQueueOptions.defaults().withMarks(1_000, 0));
        Pair pair = bench().accepted();
        AtomicInteger left = new AtomicInteger(50);
        Recorder<Integer> last = bench().recorder();
        pair.socket().onWritable(null, (Recorder.Posted<StreamSocket>) socket ->
                socket.write(ByteBuffer.allocate(2_000), null,
                        left.decrementAndGet() == 0 ? last : bench().recorder()));
        Future<byte[]> reader = bench().start(() -> pair.peer().receiveBytes(51 * 2_000));
        pair.write(ByteBuffer.allocate(2_000));
        Bench.join(reader);
        last.value();
        pair.socket().onWritable(null, (Recorder.Posted<StreamSocket>) socket -> { });
    }

    @Test
    @DisplayName("T23 with CLOSE a full queue closes the socket, and the write is refused")
    default void overflowMayCloseTheSocket() throws Exception {
        options(WriteQueueOptions.defaults().withOverflow(Overflow.CLOSE));
        Pair pair = bench().accepted();
        Recorder<Integer> stuck = pair.write(ByteBuffer.allocate(16 << 20));
        assertThat(pair.socket().isOpen()).isTrue();
        assertThatThrownBy(() -> pair.write(Bytes.of("x")))
                .isInstanceOf(WriteQueueFullException.class);
        stuck.failure(SocketClosedException.class);
        assertThat(pair.socket().isOpen()).isFalse();
        pair.peer().assertGone();
        pair.write(Bytes.of("x")).failure(SocketClosedException.class);
    }

    @Test
    @DisplayName("T23 all queues together have a bound; whoever was refused is told")
    default void allQueuesTogetherHaveABound() throws Exception {
        options(WriteQueueOptions.defaults().withTotalBytesMax(4 << 20));
        List<Pair> pairs = new ArrayList<>();
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pairs.add(bench().accepted());
            told.add(new Told(pairs.get(i).socket()));
        }
        Pair large = pairs.get(0);
        Recorder<Integer> stuck = large.write(ByteBuffer.allocate(16 << 20));
        for (int i = 1; i < 3; i++) {
            Pair small = pairs.get(i);
            assertThat(small.socket().isWritable()).isTrue();
            for (int again = 0; again < 10; again++) {
                assertThatThrownBy(() -> small.write(Bytes.of("x")))
                        .isInstanceOf(WriteQueueFullException.class);
            }
            assertThat(small.socket().isWritable()).isFalse();
            assertThat(small.socket().bytesQueued()).isZero();
            assertThat(small.socket().writesQueued()).isZero();
        }
        assertThat(told).allMatch(each -> each.count.get() == 0);
        large.peer().receiveBytes(16 << 20);
        stuck.value();
        for (int i = 0; i < 3; i++) {
            Told each = told.get(i);
            Until.until("whoever was blocked is told", () -> each.count.get() == 1);
            pairs.get(i).roundTrips();
        }
        assertThat(told.get(3).count).as("who was not refused").hasValue(0);
        assertThat(told).allMatch(each -> each.count.get() <= 1);
    }

    @Test
    @DisplayName("T23 bytes of a socket that is closed are taken off the bound of all")
    default void closedSocketGivesItsBytesBack() throws Exception {
        options(WriteQueueOptions.defaults().withTotalBytesMax(1 << 20));
        Pair stays = bench().accepted();
        Told told = new Told(stays.socket());
        for (int i = 1; i <= 5; i++) {
            Pair closed = bench().accepted();
            Recorder<Integer> stuck = closed.write(ByteBuffer.allocate(16 << 20));
            assertThatThrownBy(() -> stays.write(Bytes.of("x")))
                    .isInstanceOf(WriteQueueFullException.class);
            closed.socket().close();
            stuck.failure(SocketClosedException.class);
            int events = i;
            Until.until("it is told", () -> told.count.get() == events);
            stays.roundTrips();
        }
    }

    /** The crossing is made by many threads, the events are told by others: none may be lost. */
    @Test
    @DisplayName("T23 writers that wait for the event are never left waiting")
    default void writersAreNeverLeftWaiting() throws Exception {
        options(WriteQueueOptions.defaults().withMarks(10_000, 2_500)
                .withTotalBytesMax(20_000));
        List<Future<Void>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Pair pair = bench().accepted();
            ends.add(bench().start(() -> {
                byte[] some = new byte[5_000];
                for (int left = 500_000; left > 0; ) {
                    left -= pair.peer().receiveSome(some);
                }
                return null;
            }));
            ends.add(bench().start(() -> {
                Told told = new Told(pair.socket());
                for (int sent = 0; sent < 500; ) {
                    int before = told.count.get();
                    try {
                        pair.write(ByteBuffer.allocate(1_000));
                        sent++;
                    } catch (WriteQueueFullException e) {
                        Until.until("the event comes",
                                () -> told.count.get() > before || pair.socket().isWritable());
                    }
                }
                return null;
            }));
        }
        for (Future<Void> each : ends) {
            Bench.join(each);
        }
    }

    /** Counts the events of a socket, and what was queued at each. */
    final class Told implements Recorder.Posted<StreamSocket> {
        final AtomicInteger count = new AtomicInteger();
        final ConcurrentLinkedQueue<Long> bytesQueued = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Integer> writesQueued = new ConcurrentLinkedQueue<>();

        Told(StreamSocket socket) {
            socket.onWritable(null, this);
        }

        @Override
        public void run(StreamSocket socket) {
            bytesQueued.add(socket.bytesQueued());
            writesQueued.add(socket.writesQueued());
            count.incrementAndGet();
        }
    }

    private void options(WriteQueueOptions queue) throws Exception {
        bench().open(options -> options.withWriteQueue(queue));
    }

    @Test
    @DisplayName("T23 with CLOSE, a socket is not closed because others have used up the bound")
    default void overflowClosesNobodyElse() throws Exception {
        options(WriteQueueOptions.defaults().withTotalBytesMax(1 << 20)
                .withOverflow(Overflow.CLOSE));
        Pair slow = bench().accepted();
        Pair idle = bench().accepted();
        Recorder<Integer> stuck = slow.write(ByteBuffer.allocate(16 << 20));
        assertThatThrownBy(() -> idle.write(Bytes.of("x")))
                .isInstanceOf(WriteQueueFullException.class).hasMessageContaining("together");
        assertThat(idle.socket().isOpen()).isTrue();
        slow.peer().receiveBytes(16 << 20);
        stuck.value();
        Until.until("it is writable", () -> idle.socket().isWritable());
        idle.roundTrips();
    }
}
