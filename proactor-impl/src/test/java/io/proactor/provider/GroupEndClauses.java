package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** AsynchronousChannelGroup: shutdown and termination. */
interface GroupEndClauses extends Clauses {

    @Test
    default void emptyGroupTerminatesOnShutdown() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        assertThat(group.isShutdown()).isFalse();
        assertThat(group.isTerminated()).isFalse();
        group.shutdown();
        group.shutdown();
        assertThat(group.isShutdown()).isTrue();
        assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(group.isTerminated()).isTrue();
    }

    @Test
    default void groupTerminatesWhenItsLastChannelIsClosed() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        AsynchronousSocketChannel socket = bench().provider().openAsynchronousSocketChannel(group);
        AsynchronousServerSocketChannel server =
                bench().provider().openAsynchronousServerSocketChannel(group);
        group.shutdown();
        assertThat(group.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
        socket.close();
        assertThat(group.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
        server.close();
        assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    default void noChannelIsOpenedInAGroupThatIsShutDown() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        group.shutdown();
        assertThatThrownBy(() -> bench().provider().openAsynchronousSocketChannel(group))
                .isInstanceOf(ShutdownChannelGroupException.class);
        assertThatThrownBy(() -> bench().provider().openAsynchronousServerSocketChannel(group))
                .isInstanceOf(ShutdownChannelGroupException.class);
    }

    @Test
    default void channelsOfAGroupThatIsShutDownGoOn() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        ChannelBench.Connected pair = bench().connected(group);
        group.shutdown();
        pair.send("still");
        ByteBuffer target = ByteBuffer.allocate(5);
        assertThat(pair.channel().read(target).get()).isEqualTo(5);
        assertThat(pair.channel().write(target.flip()).get()).isEqualTo(5);
        assertThat(pair.receive(5)).isEqualTo("still");
    }

    @Test
    default void acceptInAGroupThatIsShutDownFails() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        AsynchronousServerSocketChannel server = bench().keep(
                bench().provider().openAsynchronousServerSocketChannel(group));
        server.bind(ChannelBench.ANY_PORT);
        group.shutdown();
        Ended<AsynchronousSocketChannel> accept = new Ended<>();
        server.accept(null, accept);
        SocketChannel client = bench().keep(SocketChannel.open(server.getLocalAddress()));
        assertThat(accept.failure()).isInstanceOf(IOException.class)
                .hasCauseInstanceOf(ShutdownChannelGroupException.class);
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    default void shutdownNowClosesAllChannels() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        AsynchronousServerSocketChannel server = bench().keep(
                bench().provider().openAsynchronousServerSocketChannel(group));
        server.bind(ChannelBench.ANY_PORT);
        Ended<AsynchronousSocketChannel> accept = new Ended<>();
        server.accept(null, accept);
        ChannelBench.Connected pair = bench().connected(group);
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(1), null, read);
        group.shutdownNow();
        assertThat(accept.failure()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(read.failure()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(server.isOpen()).isFalse();
        assertThat(pair.channel().isOpen()).isFalse();
        assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    default void shutdownNowFromTheOnlyThreadOfTheGroup() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        ChannelBench.Connected pair = bench().connected(group);
        pair.channel().read(ByteBuffer.allocate(1), null, new Ended<Integer>() {
            @Override
            public void completed(Integer count, Object attachment) {
                try {
                    group.shutdownNow();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        pair.send("x");
        assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    default void handlersThatAreQueuedStillRunBeforeTheGroupTerminates() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        Ended<Integer> first = new Ended<>();
        Ended<Integer> second = new Ended<>();
        ChannelBench.Connected one = bench().connected(group);
        ChannelBench.Connected other = bench().connected(group);
        one.channel().read(ByteBuffer.allocate(1), null, first);
        other.channel().read(ByteBuffer.allocate(1), null, second);
        group.shutdownNow();
        assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(first.hasEnded()).isTrue();
        assertThat(second.hasEnded()).isTrue();
    }
}
