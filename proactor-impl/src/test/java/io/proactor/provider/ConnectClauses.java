package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** AsynchronousSocketChannel: bind and connect. */
interface ConnectClauses extends Clauses {

    @Test
    default void channelIsOpenAndUnconnectedAtFirst() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.getLocalAddress()).isNull();
        assertThat(channel.getRemoteAddress()).isNull();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThatThrownBy(() -> channel.read(buffer))
                .isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write(buffer, 1, TimeUnit.SECONDS, null, new Ended<>()))
                .isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::shutdownInput).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::shutdownOutput).isInstanceOf(NotYetConnectedException.class);
    }

    @Test
    default void boundChannelTellsItsAddressAndKeepsItWhenConnected() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        assertThat(channel.bind(ChannelBench.ANY_PORT)).isSameAs(channel);
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        assertThat(local.getPort()).isPositive();
        assertThat(local.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(ChannelBench.ANY_PORT)) {
            channel.connect(listener.getLocalAddress()).get();
            assertThat(bench().keep(listener.accept()).getRemoteAddress()).isEqualTo(local);
        }
        assertThat(channel.getLocalAddress()).isEqualTo(local);
    }

    @Test
    default void bindToNullChoosesAnAddress() throws Exception {
        AsynchronousSocketChannel channel = bench().socket().bind(null);
        assertThat(((InetSocketAddress) channel.getLocalAddress()).getPort()).isPositive();
    }

    @Test
    default void channelIsBoundOnce() throws Exception {
        AsynchronousSocketChannel channel = bench().socket().bind(ChannelBench.ANY_PORT);
        assertThatThrownBy(() -> channel.bind(ChannelBench.ANY_PORT))
                .isInstanceOf(AlreadyBoundException.class);
        AsynchronousSocketChannel connected = bench().connected().channel();
        assertThatThrownBy(() -> connected.bind(ChannelBench.ANY_PORT))
                .isInstanceOf(AlreadyBoundException.class);
    }

    @Test
    default void bindToAnAddressInUseFails() throws Exception {
        SocketAddress taken = bench().listener().getLocalAddress();
        AsynchronousSocketChannel channel = bench().socket();
        assertThatThrownBy(() -> channel.bind(taken)).isInstanceOf(BindException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    default void bindNeedsAnAddressOfItsKindAndAnOpenChannel() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        assertThatThrownBy(() -> channel.bind(new ServerClauses.OtherAddress()))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        channel.close();
        assertThatThrownBy(() -> channel.bind(null)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    default void connectTellsTheHandler() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(ChannelBench.ANY_PORT)) {
            Ended<Void> connect = new Ended<>();
            channel.connect(listener.getLocalAddress(), "note", connect);
            assertThat(connect.value()).isNull();
            assertThat(connect.attachment()).isEqualTo("note");
            assertThat(channel.getRemoteAddress()).isEqualTo(listener.getLocalAddress());
            assertThat(channel.getLocalAddress()).isNotNull();
            assertThatThrownBy(() -> channel.connect(listener.getLocalAddress()))
                    .isInstanceOf(AlreadyConnectedException.class);
        }
    }

    @Test
    default void connectThatFailsClosesTheChannel() throws Exception {
        SocketAddress nobody;
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(ChannelBench.ANY_PORT)) {
            nobody = listener.getLocalAddress();
        }
        AsynchronousSocketChannel channel = bench().socket();
        Ended<Void> connect = new Ended<>();
        channel.connect(nobody, null, connect);
        assertThat(connect.failure()).isInstanceOf(IOException.class)
                .hasMessageContaining("refused");
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> bench().socket().connect(nobody).get())
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    default void addressesThatCannotBeAreRefusedAtOnce() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        assertThatThrownBy(() -> channel.connect(InetSocketAddress.createUnresolved("x.invalid",
                1))).isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> channel.connect(new ServerClauses.OtherAddress()))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> channel.connect(ChannelBench.ANY_PORT, null, null))
                .isInstanceOf(NullPointerException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    default void connectOfAClosedChannelFails() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        channel.close();
        Ended<Void> connect = new Ended<>();
        channel.connect(ChannelBench.ANY_PORT, null, connect);
        assertThat(connect.failure()).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.connect(ChannelBench.ANY_PORT).get())
                .hasCauseInstanceOf(ClosedChannelException.class);
    }
}
