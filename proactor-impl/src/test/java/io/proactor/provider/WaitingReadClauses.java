package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * AsynchronousSocketChannel: reads, one after the other, of threads that are not the group's. A
 * provider may leave it to the next one's bytes, or to an earlier one's timer, that such a read is
 * found; it must be found.
 */
interface WaitingReadClauses extends Clauses {

    /** How many; each with the bytes some nanoseconds later, or earlier, than the last one. */
    int ROUNDS = 4_000;

    @Test
    default void readIsFoundWheneverItsBytesCome() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        ByteBuffer target = ByteBuffer.allocate(1);
        for (int round = 0; round < ROUNDS; round++) {
            pair.peer().write(ByteBuffer.wrap(new byte[] {(byte) round}));
            long aim = System.nanoTime() + round % 200 * 500L;
            while (System.nanoTime() < aim) {
                Thread.onSpinWait();
            }
            Future<Integer> read = pair.channel().read(target.clear());
            assertThat(read.get(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(target.get(0)).isEqualTo((byte) round);
        }
    }

    @Test
    default void readIsFoundThatWaitsAlready() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        ByteBuffer target = ByteBuffer.allocate(8);
        for (int round = 0; round < ROUNDS / 4; round++) {
            Future<Integer> read = pair.channel().read(target.clear());
            pair.peer().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(read.get(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    default void readWithAShorterTimeoutThanTheLastOnesEndsInItsTime() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        for (long seconds : new long[] {1_000, 300}) {
            Ended<Integer> ended = new Ended<>();
            pair.channel().read(ByteBuffer.allocate(8), seconds, TimeUnit.SECONDS, null, ended);
            pair.send("x");
            assertThat(ended.value()).isEqualTo(1);
        }
        timesOutAfter(pair, 100);
    }

    @Test
    default void readsWithOneTimeoutEachHaveAllOfIt() throws Exception {
        // On a machine that stands still the bytes may come too late: then, once more.
        boolean inTime = false;
        for (int attempts = 0; attempts < 5 && !inTime; attempts++) {
            ChannelBench.Connected pair = bench().connected();
            inTime = endsInTime(pair, 100) && endsInTime(pair, 0);
            if (inTime) {
                timesOutAfter(pair, 300);  // while the timers of the others run
            }
        }
        assertThat(inTime).isTrue();
    }

    /** A read with a timeout of 300 ms, to which the bytes come after so many of them. */
    private boolean endsInTime(ChannelBench.Connected pair, long millis) throws Exception {
        Ended<Integer> ended = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), 300, TimeUnit.MILLISECONDS, null, ended);
        if (millis > 0) {
            timesOutAfter(bench().connected(), millis);
        }
        pair.send("x");
        return ended.failureOrNull() == null;
    }

    private static void timesOutAfter(ChannelBench.Connected pair, long millis) throws Exception {
        Ended<Integer> read = new Ended<>();
        long start = System.nanoTime();
        pair.channel().read(ByteBuffer.allocate(8), millis, TimeUnit.MILLISECONDS, null, read);
        assertThat(read.failure()).isInstanceOf(InterruptedByTimeoutException.class);
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
