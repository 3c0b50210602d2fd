package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.OperationTimedOutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T26: a timeout ends one operation; the connection stays as good as it was. */
interface TimeoutContract extends Contract {

    @Test
    @DisplayName("T26 a read times out, not early and not late; the next read works")
    default void readTimesOutAndTheConnectionLives() throws Exception {
        Pair pair = bench().accepted();
        for (int i = 0; i < 3; i++) {
            Recorder<Integer> read = bench().recorder();
            long startNanos = System.nanoTime();
            long id = pair.socket().read(ByteBuffer.allocate(8), 200, TimeUnit.MILLISECONDS,
                    "attached", read);
            read.within(2_000);
            assertThat(read.failure(OperationTimedOutException.class).bytesMoved()).isZero();
            assertThat(read.millisSince(startNanos)).isGreaterThanOrEqualTo(200);
            assertThat(read.attachment()).isEqualTo("attached");
            assertThat(pair.socket().cancel(id)).isFalse();
            pair.peer().send("abc");
            assertThat(pair.readText(3)).isEqualTo("abc");
        }
        assertThat(bench().proactor().statistics().timedOut()).isEqualTo(3);
        pair.roundTrips();
    }

    @Test
    @DisplayName("T26 a timeout of 0 or less is never")
    default void timeoutOfZeroOrLessIsNever() throws Exception {
        for (long never : new long[] {0, -1, Long.MIN_VALUE}) {
            Pair pair = bench().accepted();
            Recorder<Integer> read = bench().recorder();
            pair.socket().read(ByteBuffer.allocate(8), never, TimeUnit.NANOSECONDS, null, read);
            assertThat(read.calledWithin(100)).isFalse();
            pair.peer().send("x");
            assertThat(read.value()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("T26 a timeout so long that no clock can count it is never, too")
    default void hugeTimeoutIsNever() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> read = bench().recorder();
        pair.socket().read(ByteBuffer.allocate(8), Long.MAX_VALUE, TimeUnit.DAYS, null, read);
        assertThat(read.calledWithin(100)).isFalse();
        pair.peer().send("x");
        assertThat(read.value()).isEqualTo(1);
    }

    @Test
    @DisplayName("T26 a timeout of one operation is none of the next one on the same object")
    default void timeoutDoesNotHitTheNextOperation() throws Exception {
        Pair pair = bench().accepted();
        for (int i = 0; i < 50; i++) {
            Recorder<Integer> quick = bench().recorder();
            pair.peer().send("x");
            pair.socket().read(ByteBuffer.allocate(1), 5, TimeUnit.MILLISECONDS, null, quick);
            if (quick.cause() != null) {
                pair.readText(1);  // a busy machine: the deadline came first
            }
        }
        Recorder<Integer> patient = pair.read(ByteBuffer.allocate(1));
        assertThat(patient.calledWithin(100)).isFalse();
        pair.peer().send("y");
        assertThat(patient.value()).isEqualTo(1);
    }

    @Test
    @DisplayName("T26 3,000 reads that expire in the same instant: 3,000 TimedOut, none lost")
    default void threeThousandReadsExpireInTheSameInstant() throws Exception {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            pairs.add(bench().accepted());
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        List<Recorder<Integer>> reads = new ArrayList<>();
        for (Pair pair : pairs) {
            Recorder<Integer> read = bench().recorder();
            pair.socket().read(ByteBuffer.allocate(8), deadlineNanos - System.nanoTime(),
                    TimeUnit.NANOSECONDS, null, read);
            reads.add(read);
        }
        assertThat(System.nanoTime()).as("they were all pending before the deadline")
                .isLessThan(deadlineNanos);
        Until.within(3_000, () -> System.nanoTime() - deadlineNanos >= 0);
        assertThat(Until.within(5_000, () -> reads.stream().allMatch(Recorder::called))).isTrue();
        for (Recorder<Integer> read : reads) {
            read.failure(OperationTimedOutException.class);
            assertThat(read.nanosSince(deadlineNanos)).isGreaterThanOrEqualTo(0);
        }
        for (Pair pair : pairs) {
            pair.peer().send("x");
        }
        for (Pair pair : pairs) {
            assertThat(pair.read(ByteBuffer.allocate(8)).value()).isEqualTo(1);
        }
        assertThat(reads).allMatch(read -> read.calls() == 1);
    }

    @Test
    @DisplayName("T26 data that comes at the deadline: Completed or TimedOut, once, and no byte "
            + "lost")
    default void dataAtTheDeadlineIsNeverLost() throws Exception {
        Pair pair = bench().accepted();
        int timedOut = 0;
        for (int round = 0; round < 300; round++) {
            String sent = String.format("%04d", round);
            ByteBuffer target = ByteBuffer.allocate(4);
            Recorder<Integer> read = bench().recorder();
            long startNanos = System.nanoTime();
            pair.socket().readExactly(target, 3, TimeUnit.MILLISECONDS, null, read);
            // From 1 ms before the deadline to 2 ms after it, as the clocks of processors differ.
            long sendNanos = 2_000_000 + round * 10_000L;
            Future<Void> sender = bench().start(() -> {
                LockSupport.parkNanos(sendNanos - (System.nanoTime() - startNanos));
                pair.peer().send(sent);
                return null;
            });
            if (read.cause() != null) {
                timedOut++;
                assertThat(read.failure(OperationTimedOutException.class).bytesMoved())
                        .isEqualTo(target.position());
            }
            assertThat(Bytes.text(target) + pair.readText(target.remaining())).isEqualTo(sent);
            Bench.join(sender);
        }
        assertThat(bench().proactor().statistics().timedOut()).isEqualTo(timedOut);
    }

    @Test
    @DisplayName("T26 an exact read that times out reports the bytes that came, and they are there")
    default void exactReadThatTimesOutHandsOverWhatCame() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(100);
        Recorder<Integer> read = bench().recorder();
        pair.peer().send("0123456789");
        pair.socket().readExactly(target, 200, TimeUnit.MILLISECONDS, null, read);
        assertThat(read.failure(OperationTimedOutException.class).bytesMoved()).isEqualTo(10);
        assertThat(Bytes.text(target)).isEqualTo("0123456789");
        pair.peer().send("next");
        assertThat(pair.readText(4)).isEqualTo("next");
    }

    @Test
    @DisplayName("T26 a write that times out reports what is on the stream; the next one follows "
            + "it")
    default void writeThatTimesOutReportsWhatIsOnTheStream() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(16 << 20, 26);
        Recorder<Integer> write = bench().recorder();
        pair.socket().write(ByteBuffer.wrap(bytes), 200, TimeUnit.MILLISECONDS, null, write);
        Recorder<Integer> queued = bench().recorder();
        pair.socket().write(Bytes.of("never"), 100, TimeUnit.MILLISECONDS, null, queued);
        assertThat(queued.failure(OperationTimedOutException.class).bytesMoved()).isZero();
        long moved = write.failure(OperationTimedOutException.class).bytesMoved();
        assertThat(moved).isBetween(1L, (16L << 20) - 1);
        Recorder<Integer> next = pair.write(Bytes.of("next"));
        assertThat(pair.peer().receiveBytes((int) moved))
                .isEqualTo(Arrays.copyOf(bytes, (int) moved));
        assertThat(pair.peer().receive(4)).isEqualTo("next");
        assertThat(next.value()).isEqualTo(4);
        pair.roundTrips();
    }

    @Test
    @DisplayName("T26 an accept times out; the next one on the same acceptor works")
    default void acceptTimesOutAndTheAcceptorLives() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        for (int i = 0; i < 2; i++) {
            Recorder<Accepted> accept = bench().recorder();
            long startNanos = System.nanoTime();
            acceptor.accept(100, TimeUnit.MILLISECONDS, null, accept);
            accept.within(2_000).failure(OperationTimedOutException.class);
            assertThat(accept.millisSince(startNanos)).isGreaterThanOrEqualTo(100);
            assertThat(acceptor.acceptsOutstanding()).isZero();
            bench().accepted(acceptor).roundTrips();
        }
    }
}
