package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritePendingException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** AsynchronousSocketChannel: write, gathering write and shutdownOutput. */
interface WriteClauses extends Clauses {

    @Test
    default void writeTellsHowMuchWasWritten() throws Exception {
        for (boolean direct : new boolean[] {false, true}) {
            ChannelBench.Connected pair = bench().connected();
            ByteBuffer source = direct ? ByteBuffer.allocateDirect(8) : ByteBuffer.allocate(8);
            source.put(ChannelBench.bytes("abcdefgh")).position(2).limit(6);
            Ended<Integer> write = new Ended<>();
            pair.channel().write(source.asReadOnlyBuffer(), "note", write);
            assertThat(write.value()).isEqualTo(4);
            assertThat(write.attachment()).isEqualTo("note");
            assertThat(pair.channel().write(source).get()).isEqualTo(4);
            assertThat(source.position()).isEqualTo(6);
            assertThat(pair.channel().write(source).get()).isZero();
            assertThat(pair.receive(8)).isEqualTo("cdefcdef");
        }
    }

    @Test
    default void gatheringWriteTakesTheBuffersInOrder() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        ByteBuffer[] sources = {ChannelBench.bytes("no"), ChannelBench.bytes("ab"),
            ByteBuffer.allocate(0), ChannelBench.bytes("cde"), ChannelBench.bytes("no")};
        Ended<Long> write = new Ended<>();
        pair.channel().write(sources, 1, 3, 0, TimeUnit.SECONDS, null, write);
        assertThat(write.value()).isEqualTo(5);
        assertThat(pair.receive(5)).isEqualTo("abcde");
        assertThat(sources[0].hasRemaining() && sources[4].hasRemaining()).isTrue();
        Ended<Long> nothing = new Ended<>();
        pair.channel().write(sources, 1, 3, 0, TimeUnit.SECONDS, null, nothing);
        assertThat(nothing.value()).isZero();
    }

    @Test
    default void largeWritesTellProgressUntilAllIsOut() throws Exception {
        for (boolean gathering : new boolean[] {false, true}) {
            ChannelBench.Connected pair = bench().connected();
            int size = 12_000_000;
            ByteBuffer half = ByteBuffer.allocate(size / 2);
            ByteBuffer other = ByteBuffer.allocateDirect(size / 2);
            Thread reader = new Thread(() -> {
                try {
                    pair.drain(size);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            reader.start();
            long sum = 0;
            while (sum < size) {
                if (gathering) {
                    Ended<Long> write = new Ended<>();
                    pair.channel().write(new ByteBuffer[] {half, other}, 0, 2, 10,
                            TimeUnit.SECONDS, null, write);
                    assertThat(write.value()).isPositive();
                    sum += write.value();
                } else {
                    Ended<Integer> write = new Ended<>();
                    ByteBuffer source = half.hasRemaining() ? half : other;
                    pair.channel().write(source, 10, TimeUnit.SECONDS, null, write);
                    assertThat(write.value()).isPositive();
                    sum += write.value();
                    assertThat(source.limit()).isEqualTo(size / 2);
                }
                assertThat(half.position() + other.position()).isEqualTo((int) sum);
            }
            reader.join();
        }
    }

    @Test
    default void writeThatWaitsGoesOnWhenThePeerReads() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        ByteBuffer source = ByteBuffer.allocate(1 << 20);
        Ended<Integer> write = pair.fill(source);
        Thread reader = new Thread(() -> {
            try {
                pair.drain(Long.MAX_VALUE);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        reader.start();
        assertThat(write.value()).isPositive().isEqualTo(source.position());
        assertThat(source.limit()).isEqualTo(source.capacity());
        pair.channel().close();
        reader.join();
    }

    @Test
    default void secondWriteIsMisuseWhileOneIsPending() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        pair.fill();
        assertThatThrownBy(() -> pair.channel().write(ByteBuffer.allocate(1)))
                .isInstanceOf(WritePendingException.class);
        assertThatThrownBy(() -> pair.channel().write(new ByteBuffer[] {ByteBuffer.allocate(1)},
                0, 1, 0, TimeUnit.SECONDS, null, new Ended<>()))
                .isInstanceOf(WritePendingException.class);
    }

    @Test
    default void writeArgumentsAreChecked() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        ByteBuffer[] one = {ByteBuffer.allocate(1)};
        assertThatThrownBy(() -> pair.channel().write(one[0], null, null))
                .isInstanceOf(NullPointerException.class);
        for (int[] range : new int[][] {{-1, 1}, {0, -1}, {1, 1}, {2, 0}}) {
            assertThatThrownBy(() -> pair.channel().write(one, range[0], range[1], 0,
                    TimeUnit.SECONDS, null, new Ended<>()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    default void readAndWriteDoNotWaitForEachOther() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        assertThat(pair.channel().write(ChannelBench.bytes("out")).get()).isEqualTo(3);
        assertThat(pair.receive(3)).isEqualTo("out");
        assertThat(read.hasEnded()).isFalse();
        pair.send("in");
        assertThat(read.value()).isEqualTo(2);
    }

    @Test
    default void shutdownOutputIsTheEndOfStreamForThePeer() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        pair.channel().write(ChannelBench.bytes("last")).get();
        assertThat(pair.channel().shutdownOutput()).isSameAs(pair.channel());
        assertThat(pair.receive(4)).isEqualTo("last");
        assertThat(pair.peer().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        Ended<Integer> write = new Ended<>();
        pair.channel().write(ChannelBench.bytes("x"), null, write);
        assertThat(write.failure()).isInstanceOf(ClosedChannelException.class);
        pair.channel().shutdownOutput();
        pair.send("in");
        assertThat(pair.channel().read(ByteBuffer.allocate(8)).get()).isEqualTo(2);
    }
}
