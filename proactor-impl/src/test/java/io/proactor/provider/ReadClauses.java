package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** AsynchronousSocketChannel: read, scattering read and shutdownInput. */
interface ReadClauses extends Clauses {

    @Test
    default void readBringsWhatIsThere() throws Exception {
        for (boolean direct : new boolean[] {false, true}) {
            ChannelBench.Connected pair = bench().connected();
            ByteBuffer target = direct ? ByteBuffer.allocateDirect(16) : ByteBuffer.allocate(16);
            target.position(2).limit(8);
            Ended<Integer> read = new Ended<>();
            pair.channel().read(target, "note", read);
            pair.send("abc");
            assertThat(read.value()).isEqualTo(3);
            assertThat(read.attachment()).isEqualTo("note");
            assertThat(target.position()).isEqualTo(5);
            assertThat(target.limit()).isEqualTo(8);
            pair.send("defghi");
            assertThat(pair.channel().read(target).get()).isEqualTo(3);
            assertThat(target.hasRemaining()).isFalse();
            assertThat(pair.channel().read(target).get()).isZero();
        }
    }

    @Test
    default void endOfStreamIsMinusOneEachTime() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        pair.send("a");
        pair.peer().shutdownOutput();
        ByteBuffer target = ByteBuffer.allocate(8);
        assertThat(pair.channel().read(target).get()).isEqualTo(1);
        assertThat(pair.channel().read(target).get()).isEqualTo(-1);
        Ended<Integer> again = new Ended<>();
        pair.channel().read(target, null, again);
        assertThat(again.value()).isEqualTo(-1);
    }

    @Test
    default void readWithoutRoomIsZeroAtOnce() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(0), null, read);
        assertThat(read.value()).isZero();
    }

    @Test
    default void secondReadIsMisuseWhileOneIsPending() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        assertThatThrownBy(() -> pair.channel().read(ByteBuffer.allocate(8)))
                .isInstanceOf(ReadPendingException.class);
        assertThatThrownBy(() -> pair.channel().read(new ByteBuffer[] {ByteBuffer.allocate(8)},
                0, 1, 0, TimeUnit.SECONDS, null, new Ended<>()))
                .isInstanceOf(ReadPendingException.class);
        pair.send("x");
        assertThat(read.value()).isEqualTo(1);
    }

    @Test
    default void readArgumentsAreChecked() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        ByteBuffer readOnly = ByteBuffer.allocate(8).asReadOnlyBuffer();
        ByteBuffer[] two = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
        assertThatThrownBy(() -> pair.channel().read(readOnly))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pair.channel().read(new ByteBuffer[] {two[0], readOnly}, 0, 2, 0,
                TimeUnit.SECONDS, null, new Ended<>()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pair.channel().read(two[0], null, null))
                .isInstanceOf(NullPointerException.class);
        for (int[] range : new int[][] {{-1, 1}, {0, -1}, {1, 2}, {3, 0}}) {
            assertThatThrownBy(() -> pair.channel().read(two, range[0], range[1], 0,
                    TimeUnit.SECONDS, null, new Ended<>()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    default void scatteringReadFillsTheBuffersInOrder() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        ByteBuffer[] targets = {ByteBuffer.allocate(9), ByteBuffer.allocate(0),
            ByteBuffer.allocate(2), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(9)};
        Ended<Long> read = new Ended<>();
        pair.channel().read(targets, 1, 3, 0, TimeUnit.SECONDS, null, read);
        pair.send("abcdefgh");
        long first = read.value();
        assertThat(first).isBetween(1L, 5L);
        long sum = first;
        while (sum < 5) {
            Ended<Long> rest = new Ended<>();
            pair.channel().read(targets, 1, 3, 0, TimeUnit.SECONDS, null, rest);
            sum += rest.value();
        }
        assertThat(ChannelBench.text(targets[2]) + ChannelBench.text(targets[3]))
                .isEqualTo("abcde");
        assertThat(targets[0].position()).isZero();
        assertThat(targets[4].position()).isZero();
    }

    @Test
    default void scatteringReadsTakeWaitingBytesInOrderAndThenTheEnd() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        pair.send("abcdef");
        pair.peer().shutdownOutput();
        pair.channel().read(ByteBuffer.allocate(1)).get();
        ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocate(8)};
        long sum = 0;
        long count = 0;
        while (count >= 0) {
            sum += count;
            Ended<Long> read = new Ended<>();
            pair.channel().read(targets, 0, 2, 0, TimeUnit.SECONDS, null, read);
            count = read.value();
        }
        assertThat(count).isEqualTo(-1);
        assertThat(sum).isEqualTo(5);
        assertThat(ChannelBench.text(targets[0]) + ChannelBench.text(targets[1]))
                .isEqualTo("bcdef");
    }

    @Test
    default void resetIsAnIoException() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        pair.peer().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.peer().close();
        assertThat(read.failure()).isInstanceOf(IOException.class)
                .hasMessageContaining("Connection reset");
        assertThat(pair.channel().isOpen()).isTrue();
    }

    @Test
    default void shutdownInputEndsAPendingReadAndAllLaterOnes() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        assertThat(pair.channel().shutdownInput()).isSameAs(pair.channel());
        assertThat(read.value()).isEqualTo(-1);
        assertThat(pair.channel().read(ByteBuffer.allocate(8)).get()).isEqualTo(-1);
        pair.channel().shutdownInput();
        assertThat(pair.channel().write(ChannelBench.bytes("out")).get()).isEqualTo(3);
        assertThat(pair.receive(3)).isEqualTo("out");
    }

    @Test
    default void largeReadsMoveEveryByteOnce() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        byte[] sent = new byte[3_000_000];
        new java.util.Random(7).nextBytes(sent);
        Thread sender = new Thread(() -> {
            try {
                ByteBuffer source = ByteBuffer.wrap(sent);
                while (source.hasRemaining()) {
                    pair.peer().write(source);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        sender.start();
        ByteBuffer received = ByteBuffer.allocate(sent.length);
        while (received.hasRemaining()) {
            Ended<Integer> read = new Ended<>();
            pair.channel().read(received, 10, TimeUnit.SECONDS, null, read);
            assertThat(read.value()).isPositive();
        }
        sender.join();
        assertThat(received.array()).isEqualTo(sent);
    }
}
