package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** AsynchronousSocketChannel: timeouts of reads and writes. */
interface TimeoutClauses extends Clauses {

    @Test
    default void readTimesOutNotBeforeItsTime() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        long start = System.nanoTime();
        pair.channel().read(ByteBuffer.allocate(8), 100, TimeUnit.MILLISECONDS, "note", read);
        assertThat(read.failure()).isInstanceOf(InterruptedByTimeoutException.class);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000L);
        assertThat(read.attachment()).isEqualTo("note");
        assertThat(pair.channel().isOpen()).isTrue();
    }

    @Test
    default void timedOutDirectionIsOfNoUseAndTheOtherGoesOn() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Long> read = new Ended<>();
        pair.channel().read(new ByteBuffer[] {ByteBuffer.allocate(8)}, 0, 1, 20,
                TimeUnit.MILLISECONDS, null, read);
        assertThat(read.failure()).isInstanceOf(InterruptedByTimeoutException.class);
        assertThatThrownBy(() -> pair.channel().read(ByteBuffer.allocate(8)))
                .isInstanceOf(RuntimeException.class);
        assertThat(pair.channel().write(ChannelBench.bytes("out")).get()).isEqualTo(3);
        assertThat(pair.receive(3)).isEqualTo("out");
    }

    @Test
    default void writeTimesOut() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Throwable failure = null;
        while (failure == null) {
            Ended<Integer> write = new Ended<>();
            pair.channel().write(ByteBuffer.allocate(1 << 20), 100, TimeUnit.MILLISECONDS, null,
                    write);
            failure = write.failureOrNull();
        }
        assertThat(failure).isInstanceOf(InterruptedByTimeoutException.class);
        assertThatThrownBy(() -> pair.channel().write(ByteBuffer.allocate(8)))
                .isInstanceOf(RuntimeException.class);
        pair.send("in");
        assertThat(pair.channel().read(ByteBuffer.allocate(8)).get()).isEqualTo(2);
    }

    @Test
    default void zeroAndNegativeAndLargestTimeoutsAreForEver() throws Exception {
        for (long timeout : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            for (TimeUnit unit : new TimeUnit[] {TimeUnit.MILLISECONDS, TimeUnit.DAYS}) {
                ChannelBench.Connected pair = bench().connected();
                Ended<Integer> read = new Ended<>();
                pair.channel().read(ByteBuffer.allocate(8), timeout, unit, null, read);
                pair.send("x");
                assertThat(read.value()).isEqualTo(1);
            }
        }
    }

    @Test
    default void timeoutOfAnEndedReadHasNoEffect() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> first = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(1), 80, TimeUnit.MILLISECONDS, null, first);
        pair.send("x");
        first.value();
        Ended<Integer> second = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(1), 20, TimeUnit.SECONDS, null, second);
        Ended<Integer> witness = new Ended<>();
        bench().connected().channel().read(ByteBuffer.allocate(1), 200, TimeUnit.MILLISECONDS,
                null, witness);
        witness.failure();
        assertThat(second.hasEnded()).isFalse();
        pair.send("y");
        assertThat(second.value()).isEqualTo(1);
    }
}
