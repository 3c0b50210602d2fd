package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** AsynchronousChannel: close, from anywhere and with anything pending. */
interface CloseClauses extends Clauses {

    @Test
    default void closeEndsAPendingReadAndWrite() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        Ended<Integer> write = pair.fill();
        pair.channel().close();
        pair.channel().close();
        assertThat(read.failure()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(write.failure()).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    default void closeEndsAFuture() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        pair.channel().close();
        assertThatThrownBy(read::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThat(read.isDone()).isTrue();
    }

    @Test
    default void closedChannelFailsAllOperations() throws Exception {
        AsynchronousSocketChannel channel = bench().connected().channel();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        Ended<Integer> read = new Ended<>();
        channel.read(ByteBuffer.allocate(8), null, read);
        assertThat(read.failure()).isInstanceOf(ClosedChannelException.class);
        Ended<Long> gather = new Ended<>();
        channel.write(new ByteBuffer[] {ByteBuffer.allocate(8)}, 0, 1, 0, TimeUnit.SECONDS, null,
                gather);
        assertThat(gather.failure()).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(8)).get())
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getLocalAddress).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getRemoteAddress).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::shutdownInput).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::shutdownOutput).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    default void peerReadsTheEndOfStreamBehindWhatWasWritten() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        pair.channel().write(ChannelBench.bytes("bye")).get();
        pair.channel().close();
        assertThat(pair.receive(3)).isEqualTo("bye");
        assertThat(pair.peer().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    default void handlerMayCloseItsChannel() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        CountDownLatch closed = new CountDownLatch(1);
        pair.channel().read(ByteBuffer.allocate(8), null, new Ended<Integer>() {
            @Override
            public void completed(Integer count, Object attachment) {
                try {
                    pair.channel().close();
                    closed.countDown();
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        pair.send("x");
        assertThat(closed.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(pair.peer().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    default void operationsThatRaceCloseEndOnce() throws Exception {
        for (int i = 0; i < 200; i++) {
            ChannelBench.Connected pair = bench().connected();
            Ended<Integer> read = new Ended<>();
            Thread closer = new Thread(() -> {
                try {
                    pair.channel().close();
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            });
            closer.start();
            pair.channel().read(ByteBuffer.allocate(8), null, read);
            assertThat(read.failure()).isInstanceOf(ClosedChannelException.class);
            closer.join();
        }
    }

    @Test
    default void channelSaysWhatItIs() throws Exception {
        AsynchronousSocketChannel fresh = bench().socket();
        assertThat(fresh.toString()).contains("unconnected");
        AsynchronousSocketChannel channel = bench().connected().channel();
        assertThat(channel.toString()).contains("connected", "local=", "remote=");
        channel.close();
        assertThat(channel.toString()).contains("closed");
        assertThat(bench().server().toString()).contains("unbound");
        assertThat(bench().listener().toString()).contains("127.0.0.1");
    }
}
