package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.EndOfStreamException;
import io.proactor.ResetByPeerException;
import io.proactor.SocketClosedException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T19 and the reading half of T21: some bytes, exactly so many, end of stream and reset. */
interface ReadContract extends Contract {

    @Test
    @DisplayName("T19 end of stream is -1, also the next time, and a later write still works")
    default void endOfStreamIsMinusOneAndWritingGoesOn() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(8));
        pair.peer().finish();
        assertThat(pending.value()).isEqualTo(-1);
        assertThat(pair.read(ByteBuffer.allocate(8)).value()).isEqualTo(-1);
        assertThat(pair.write(Bytes.of("still")).value()).isEqualTo(5);
        assertThat(pair.peer().receive(5)).isEqualTo("still");
        assertThat(pair.socket().isOpen()).isTrue();
    }

    @Test
    @DisplayName("T19 a read with no room yields 0: before data, with data, and after the end")
    default void readWithoutRoomIsNotEndOfStream() throws Exception {
        Pair pair = bench().accepted();
        assertThat(pair.read(ByteBuffer.allocate(0)).value()).isZero();
        pair.peer().send("ab");
        assertThat(pair.read(ByteBuffer.allocate(4).position(4)).value()).isZero();
        assertThat(pair.readText(2)).isEqualTo("ab");
        pair.peer().finish();
        assertThat(pair.read(ByteBuffer.allocate(8)).value()).isEqualTo(-1);
        assertThat(pair.read(ByteBuffer.allocate(0)).value()).isZero();
    }

    @Test
    @DisplayName("T19 bytes before the end are read before the end is")
    default void bytesBeforeTheEndComeFirst() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send("last");
        pair.peer().close();
        assertThat(pair.readText(4)).isEqualTo("last");
        assertThat(pair.read(ByteBuffer.allocate(8)).value()).isEqualTo(-1);
    }

    @Test
    @DisplayName("T19 a reset is ResetByPeerException, for reads and for writes")
    default void resetHasATypeOfItsOwn() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(8));
        pair.peer().reset();
        ResetByPeerException failure = pending.failure(ResetByPeerException.class);
        assertThat(failure.bytesMoved()).isZero();
        assertThat(failure.getStackTrace()).as("costs what peers cause").isEmpty();
        // The first write after a reset may still be taken by the system, or by the library.
        Throwable cause = null;
        for (int i = 0; i < 100 && cause == null; i++) {
            cause = pair.write(Bytes.of("x")).cause();
        }
        assertThat(cause).isExactlyInstanceOf(ResetByPeerException.class);
    }

    @Test
    @DisplayName("T19 closed on this side is SocketClosedException, an AsynchronousCloseException")
    default void localCloseHasATypeOfItsOwn() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(8));
        pair.socket().close();
        assertThat(pending.failure(SocketClosedException.class))
                .isInstanceOf(AsynchronousCloseException.class);
        assertThat(pair.read(ByteBuffer.allocate(8)).cause())
                .isExactlyInstanceOf(SocketClosedException.class);
    }

    @Test
    @DisplayName("T21 an exact read of 100 bytes that come one by one completes once, with 100")
    default void exactReadGathersSingleBytes() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(100, 21);
        ByteBuffer target = ByteBuffer.allocate(100);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readExactly(target, null, read);
        Future<Void> sender = bench().start(() -> {
            for (byte each : bytes) {
                pair.peer().send(new byte[] {each});
                LockSupport.parkNanos(1_000_000);
            }
            return null;
        });
        assertThat(read.value()).isEqualTo(100);
        assertThat(Bytes.array(target)).isEqualTo(bytes);
        Bench.join(sender);
        assertThat(read.calls()).isEqualTo(1);
    }

    @Test
    @DisplayName("T21 when the stream ends inside an exact read, the bytes that came are reported")
    default void endInsideExactReadReportsTheBytes() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(100);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readExactly(target, null, read);
        pair.peer().send("0123456789");
        pair.peer().finish();
        assertThat(read.failure(EndOfStreamException.class).bytesMoved()).isEqualTo(10);
        assertThat(Bytes.text(target)).isEqualTo("0123456789");
        Recorder<Integer> next = bench().recorder();
        pair.socket().readExactly(ByteBuffer.allocate(100), null, next);
        assertThat(next.value()).as("no byte came for this one").isEqualTo(-1);
    }

    @Test
    @DisplayName("T21 when the peer resets inside an exact read, the bytes that came are reported")
    default void resetInsideExactReadReportsTheBytes() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(100);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readExactly(target, null, read);
        pair.peer().send("0123456789");
        // A reset may destroy bytes that were not taken out yet, so leave this end time to do so.
        assertThat(read.calledWithin(100)).isFalse();
        pair.peer().reset();
        assertThat(read.failure(ResetByPeerException.class).bytesMoved()).isEqualTo(10);
        assertThat(Bytes.text(target)).isEqualTo("0123456789");
    }

    @Test
    @DisplayName("readAtLeast waits for the minimum and takes what more there is")
    default void readAtLeastWaitsForTheMinimum() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(64);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readAtLeast(target, 10, null, read);
        pair.peer().send("12345");
        assertThat(read.calledWithin(50)).isFalse();
        pair.peer().send("6789abcdef");
        assertThat(read.value()).isBetween(10, 15);
        pair.readText(15 - read.value());
        Recorder<Integer> nothing = bench().recorder();
        pair.socket().readAtLeast(ByteBuffer.allocate(8), 0, null, nothing);
        assertThat(nothing.value()).isZero();
        pair.peer().finish();
        Recorder<Integer> end = bench().recorder();
        pair.socket().readAtLeast(ByteBuffer.allocate(8), 3, null, end);
        assertThat(end.value()).isEqualTo(-1);
    }

    @Test
    @DisplayName("Direct, heap and sliced targets are filled from their position up to their limit")
    default void targetsAreFilledBetweenPositionAndLimit() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer sliced = ByteBuffer.allocate(32).position(8).slice();
        ByteBuffer slicedDirect = ByteBuffer.allocateDirect(32).slice(8, 16);
        for (ByteBuffer target : List.of(ByteBuffer.allocate(16), ByteBuffer.allocateDirect(16),
                sliced, slicedDirect)) {
            target.position(3).limit(8);
            pair.peer().send("abcdefgh");
            Recorder<Integer> read = bench().recorder();
            pair.socket().readExactly(target, null, read);
            assertThat(read.value()).isEqualTo(5);
            assertThat(target.position()).isEqualTo(8);
            assertThat(target.limit()).isEqualTo(8);
            assertThat(Bytes.text(target)).isEqualTo("\0\0\0abcde");
            assertThat(target.limit(9).get(8)).as("the byte behind the limit").isZero();
            assertThat(pair.readText(3)).isEqualTo("fgh");
        }
    }

    @Test
    @DisplayName("Of 8 threads that read at the same time one is let in; the others are refused")
    default void oneOfManyReadersIsLetIn() throws Exception {
        Pair pair = bench().accepted();
        for (int round = 0; round < 50; round++) {
            CountDownLatch go = new CountDownLatch(8);
            List<Future<Recorder<Integer>>> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                readers.add(bench().start(() -> {
                    go.countDown();
                    Bench.pass(go);
                    try {
                        return pair.read(ByteBuffer.allocate(1));
                    } catch (IllegalStateException e) {
                        return null;
                    }
                }));
            }
            List<Recorder<Integer>> reads = new ArrayList<>();
            for (Future<Recorder<Integer>> each : readers) {
                Recorder<Integer> read = Bench.join(each);
                if (read != null) {
                    reads.add(read);
                }
            }
            assertThat(reads).hasSize(1);
            pair.peer().send("x");
            assertThat(reads.get(0).value()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("A second read, a read-only target and an impossible minimum are refused, as "
            + "misuse")
    default void misuseOfReadIsRefusedAndHarmless() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(8));
        assertThatThrownBy(() -> pair.read(ByteBuffer.allocate(8)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.read(ByteBuffer.allocate(8).asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> pair.socket()
                .readAtLeast(ByteBuffer.allocate(8), 9, null, bench().recorder()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pair.socket().read(ByteBuffer.allocate(8), null, null))
                .isInstanceOf(NullPointerException.class);
        pair.peer().send("x");
        assertThat(pending.value()).isEqualTo(1);
        pair.roundTrips();
    }
}
