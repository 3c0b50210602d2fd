package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.Proactor;
import io.proactor.Strand;
import io.proactor.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T24 and T25: a cancel ends one operation and nothing else. */
interface CancelContract extends Contract {

    @Test
    @DisplayName("T24 a cancelled read ends once, with 0 bytes; the next one gets what comes later")
    default void cancelledReadLosesNothing() throws Exception {
        Pair pair = bench().accepted();
        for (int i = 0; i < 20; i++) {
            Recorder<Integer> read = bench().recorder();
            long id = pair.socket().read(ByteBuffer.allocate(8), "attached", read);
            assertThat(pair.socket().cancel(id)).isTrue();
            read.within(500);
            assertThat(read.failure(OperationCancelledException.class).bytesMoved()).isZero();
            assertThat(read.attachment()).isEqualTo("attached");
            pair.peer().send("abc");
            assertThat(pair.readText(3)).isEqualTo("abc");
            assertThat(pair.socket().isOpen()).isTrue();
        }
        assertThat(bench().proactor().statistics().cancelled()).isEqualTo(20);
    }

    @Test
    @DisplayName("T24 a cancelled accept ends once; a new one on the same acceptor works")
    default void cancelledAcceptLosesNoClient() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        for (int i = 0; i < 5; i++) {
            Recorder<Accepted> accept = bench().recorder();
            long id = acceptor.accept(null, accept);
            assertThat(acceptor.cancel(id)).isTrue();
            accept.failure(OperationCancelledException.class);
            assertThat(acceptor.cancel(id)).isFalse();
            assertThat(acceptor.acceptsOutstanding()).isZero();
            bench().accepted(acceptor).roundTrips();
        }
    }

    @Test
    @DisplayName("T24 of several accepts any one may be cancelled; the others keep their order")
    default void oneOfSeveralAcceptsIsCancelled() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Recorder<Accepted> first = bench().recorder(Keep.accepted(bench()));
        Recorder<Accepted> second = bench().recorder();
        Recorder<Accepted> third = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, first);
        long id = acceptor.accept(null, second);
        acceptor.accept(null, third);
        assertThat(acceptor.cancel(id)).isTrue();
        second.failure(OperationCancelledException.class);
        for (Recorder<Accepted> accept : List.of(first, third)) {
            Peer peer = bench().connectTo(acceptor);
            assertThat(accept.value().remoteAddress()).isEqualTo(peer.localAddress());
        }
    }

    /**
     * The socket's handlers are bound to a strand that is busy, so its completion waits there. That
     * it is complete is known from two round trips that began later, on the same loop.
     */
    @Test
    @DisplayName("T25 a cancel that comes after the completion was queued is refused: the result "
            + "stands")
    default void cancelAfterCompletionIsRefused() throws Exception {
        Require.threadsOfItsOwn(bench());
        Proactor proactor = bench().open(options -> options.withLoops(1));
        Strand strand = proactor.newStrand();
        Pair pair = bench().accepted();
        Pair probe = bench().accepted();
        pair.socket().bind(strand);
        CountDownLatch leave = bench().gate();
        strand.execute(() -> Bench.pass(leave));
        Recorder<Integer> read = bench().recorder();
        long id = pair.socket().read(ByteBuffer.allocate(8), null, read);
        pair.peer().send("abc");
        probe.roundTrips();
        assertThat(pair.socket().cancel(id)).isFalse();
        assertThat(read.calls()).isZero();
        leave.countDown();
        assertThat(read.value()).isEqualTo(3);
    }

    @Test
    @DisplayName("T25 ids of finished operations, of other sockets and of nothing cancel nothing")
    default void staleAndForeignIdsCancelNothing() throws Exception {
        Pair pair = bench().accepted();
        Pair other = bench().accepted();
        pair.peer().send("x");
        Recorder<Integer> finished = bench().recorder();
        long stale = pair.socket().read(ByteBuffer.allocate(1), null, finished);
        finished.value();
        // The same object is used again, so that the stale id is one generation away from this
        // read.
        Recorder<Integer> pending = bench().recorder();
        long id = pair.socket().read(ByteBuffer.allocate(8), null, pending);
        Timer timer = bench().keep(bench().proactor().newTimer());
        Recorder<Void> tick = bench().recorder();
        long timerId = timer.schedule(1, TimeUnit.HOURS, null, tick);
        assertThat(id).isNotEqualTo(stale);
        assertThat(pair.socket().cancel(stale)).isFalse();
        assertThat(bench().proactor().cancel(stale)).isFalse();
        assertThat(other.socket().cancel(id)).isFalse();
        assertThat(pair.socket().cancel(timerId)).isFalse();
        assertThat(pair.socket().cancel(id + 1)).as("the slot behind").isFalse();
        for (long unknown : new long[] {0, -1, 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(pair.socket().cancel(unknown)).as("id %s", unknown).isFalse();
            assertThat(bench().proactor().cancel(unknown)).as("id %s", unknown).isFalse();
        }
        assertThat(pending.calls()).isZero();
        assertThat(bench().proactor().cancel(id)).isTrue();
        pending.failure(OperationCancelledException.class);
        assertThat(bench().proactor().cancel(timerId)).isTrue();
        tick.failure(OperationCancelledException.class);
    }

    @Test
    @DisplayName("T25 ids of earlier reads of the same socket never hit the one that is pending")
    default void idOfAnEarlierLifeNeverHitsALaterOne() throws Exception {
        Pair pair = bench().accepted();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Recorder<Integer> read = bench().recorder();
            long id = pair.socket().read(ByteBuffer.allocate(8), null, read);
            assertThat(ids).doesNotContain(id).noneMatch(pair.socket()::cancel);
            ids.add(id);
            pair.peer().send("x");
            assertThat(read.value()).isEqualTo(1);
        }
        assertThat(bench().proactor().statistics().cancelled()).isZero();
    }

    @Test
    @DisplayName("T25 cancelling the read leaves the write pending, and the other way round")
    default void cancelLeavesTheOtherDirectionPending() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(8 << 20, 8);
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(bytes));
        Recorder<Integer> read = bench().recorder();
        long id = pair.socket().read(ByteBuffer.allocate(8), null, read);
        assertThat(pair.socket().cancel(id)).isTrue();
        read.failure(OperationCancelledException.class);
        assertThat(write.calls()).isZero();
        Recorder<Integer> next = pair.read(ByteBuffer.allocate(8));
        Recorder<Integer> queued = bench().recorder();
        long queuedId = pair.socket().write(Bytes.of("never"), null, queued);
        assertThat(pair.socket().cancel(queuedId)).isTrue();
        queued.failure(OperationCancelledException.class);
        assertThat(next.calls()).isZero();
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(write.value()).isEqualTo(bytes.length);
        pair.peer().send("x");
        assertThat(next.value()).isEqualTo(1);
    }

    @Test
    @DisplayName("T25 cancelAll ends every operation of its socket, and none of another")
    default void cancelAllEndsEveryOperationOfTheSocket() throws Exception {
        Pair pair = bench().accepted();
        Pair other = bench().accepted();
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
        Recorder<Integer> started = pair.write(ByteBuffer.allocate(16 << 20));
        // So small that it would go out at once if the one before it were cancelled first.
        Recorder<Integer> waiting = pair.write(ByteBuffer.allocate(5));
        Recorder<Integer> bystander = other.read(ByteBuffer.allocate(8));
        assertThat(pair.socket().cancelAll()).isEqualTo(3);
        read.failure(OperationCancelledException.class);
        long moved = started.failure(OperationCancelledException.class).bytesMoved();
        assertThat(waiting.failure(OperationCancelledException.class).bytesMoved()).isZero();
        assertThat(pair.socket().cancelAll()).isZero();
        assertThat(pair.socket().isOpen()).isTrue();
        assertThat(bystander.calls()).isZero();
        pair.peer().send("x");
        assertThat(pair.readText(1)).isEqualTo("x");
        pair.socket().shutdownOutput();
        assertThat(pair.peer().receiveAll()).hasSize((int) moved);
    }

    @Test
    @DisplayName("T25 10 bytes of an exact read of 100 had come: Cancelled(10), and they are there")
    default void cancelledExactReadHandsOverWhatCame() throws Exception {
        bench().open(options -> options.withLoops(1));
        Pair pair = bench().accepted();
        Pair probe = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(100);
        Recorder<Integer> read = bench().recorder();
        long id = pair.socket().readExactly(target, null, read);
        pair.peer().send("0123456789");
        probe.roundTrips();
        assertThat(pair.socket().cancel(id)).isTrue();
        assertThat(read.failure(OperationCancelledException.class).bytesMoved()).isEqualTo(10);
        assertThat(Bytes.text(target)).isEqualTo("0123456789");
        pair.peer().send("next");
        assertThat(pair.readText(4)).isEqualTo("next");
    }

    /** Whoever wins the race, every byte is either in the target or still to be read. */
    @Test
    @DisplayName("T24 a cancel that races the data: one outcome, exactly once, and no byte is lost")
    default void cancelThatRacesDataLosesNoByte() throws Exception {
        Pair pair = bench().accepted();
        for (int round = 0; round < 500; round++) {
            String sent = String.format("%04d", round);
            ByteBuffer target = ByteBuffer.allocate(4);
            Recorder<Integer> read = bench().recorder();
            long id = pair.socket().readExactly(target, null, read);
            Future<Void> sender = bench().start(() -> {
                pair.peer().send(sent);
                return null;
            });
            LockSupport.parkNanos(round % 50 * 2_000L);
            boolean cancelled = pair.socket().cancel(id);
            Throwable cause = read.cause();
            if (cause != null) {
                assertThat(cancelled).isTrue();
                assertThat(read.failure(OperationCancelledException.class).bytesMoved())
                        .isEqualTo(target.position());
            } else {
                assertThat(target.position()).isEqualTo(4);
            }
            assertThat(Bytes.text(target) + pair.readText(target.remaining())).isEqualTo(sent);
            Bench.join(sender);
        }
    }
}
