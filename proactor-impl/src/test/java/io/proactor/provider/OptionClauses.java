package io.proactor.provider;

import static java.net.StandardSocketOptions.SO_KEEPALIVE;
import static java.net.StandardSocketOptions.SO_LINGER;
import static java.net.StandardSocketOptions.SO_RCVBUF;
import static java.net.StandardSocketOptions.SO_REUSEADDR;
import static java.net.StandardSocketOptions.SO_SNDBUF;
import static java.net.StandardSocketOptions.TCP_NODELAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** NetworkChannel: options, before and after the connection or the binding. */
interface OptionClauses extends Clauses {

    @Test
    default void socketOptionsMayBeSetBeforeTheConnectionAndStay() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        assertThat(channel.getOption(TCP_NODELAY)).isFalse();
        assertThat(channel.getOption(SO_KEEPALIVE)).isFalse();
        channel.setOption(TCP_NODELAY, true).setOption(SO_KEEPALIVE, true)
                .setOption(SO_RCVBUF, 32_768).setOption(SO_SNDBUF, 32_768);
        int receives = channel.getOption(SO_RCVBUF);
        int sends = channel.getOption(SO_SNDBUF);
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(ChannelBench.ANY_PORT)) {
            channel.connect(listener.getLocalAddress()).get();
        }
        assertThat(channel.getOption(TCP_NODELAY)).isTrue();
        assertThat(channel.getOption(SO_KEEPALIVE)).isTrue();
        assertThat(channel.getOption(SO_RCVBUF)).isEqualTo(receives);
        assertThat(channel.getOption(SO_SNDBUF)).isEqualTo(sends);
    }

    @Test
    default void connectedSocketsHaveTheSystemsDefaults() throws Exception {
        AsynchronousSocketChannel channel = bench().connected().channel();
        assertThat(channel.getOption(TCP_NODELAY)).isFalse();
        channel.setOption(TCP_NODELAY, true);
        assertThat(channel.getOption(TCP_NODELAY)).isTrue();
    }

    @Test
    default void acceptedSocketsHaveTheSystemsDefaults() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        bench().keep(SocketChannel.open(server.getLocalAddress()));
        AsynchronousSocketChannel accepted = bench().keep(server.accept().get());
        assertThat(accepted.getOption(TCP_NODELAY)).isFalse();
        assertThat(accepted.getOption(SO_KEEPALIVE)).isFalse();
        accepted.setOption(SO_KEEPALIVE, true);
        assertThat(accepted.getOption(SO_KEEPALIVE)).isTrue();
    }

    @Test
    default void serverOptionsMayBeSetBeforeTheBindingAndStay() throws Exception {
        AsynchronousServerSocketChannel server = bench().server();
        int before = server.getOption(SO_RCVBUF);
        assertThat(before).isPositive();
        server.setOption(SO_RCVBUF, 32_768).setOption(SO_REUSEADDR, true);
        int receives = server.getOption(SO_RCVBUF);
        server.bind(ChannelBench.ANY_PORT);
        assertThat(server.getOption(SO_RCVBUF)).isEqualTo(receives);
        assertThat(server.getOption(SO_REUSEADDR)).isTrue();
        server.setOption(SO_REUSEADDR, false);
        assertThat(server.getOption(SO_REUSEADDR)).isFalse();
    }

    @Test
    default void supportedOptionsAreSupported() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        assertThat(channel.supportedOptions())
                .contains(SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_REUSEADDR, TCP_NODELAY);
        for (var option : channel.supportedOptions()) {
            channel.getOption(option);
        }
        AsynchronousServerSocketChannel server = bench().server();
        assertThat(server.supportedOptions()).contains(SO_RCVBUF, SO_REUSEADDR);
        for (var option : server.supportedOptions()) {
            server.getOption(option);
        }
    }

    @Test
    default void optionsAreChecked() throws Exception {
        AsynchronousSocketChannel channel = bench().socket();
        assertThatThrownBy(() -> channel.setOption(null, 1))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.getOption(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> channel.setOption(SO_RCVBUF, -1))
                .isInstanceOf(IllegalArgumentException.class);
        AsynchronousServerSocketChannel server = bench().server();
        assertThatThrownBy(() -> server.setOption(SO_LINGER, 1))
                .isInstanceOf(UnsupportedOperationException.class);
        channel.close();
        server.close();
        assertThatThrownBy(() -> channel.getOption(SO_RCVBUF))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> server.setOption(SO_RCVBUF, 1))
                .isInstanceOf(ClosedChannelException.class);
    }
}
