package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** AsynchronousServerSocketChannel. */
interface ServerClauses extends Clauses {

    @Test
    default void serverIsOpenAndUnboundAtFirst() throws Exception {
        AsynchronousServerSocketChannel server = bench().server();
        assertThat(server.isOpen()).isTrue();
        assertThat(server.getLocalAddress()).isNull();
        assertThatThrownBy(server::accept).isInstanceOf(NotYetBoundException.class);
        assertThatThrownBy(() -> server.accept(null, new Ended<>()))
                .isInstanceOf(NotYetBoundException.class);
    }

    @Test
    default void bindToNullChoosesAnyAddressAndPort() throws Exception {
        AsynchronousServerSocketChannel server = bench().server().bind(null);
        InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
        assertThat(local.getAddress().isAnyLocalAddress()).isTrue();
        assertThat(local.getPort()).isPositive();
    }

    @Test
    default void bindToPortZeroTellsThePort() throws Exception {
        AsynchronousServerSocketChannel server = bench().server();
        assertThat(server.bind(ChannelBench.ANY_PORT, 0)).isSameAs(server);
        InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
        assertThat(local.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(local.getPort()).isPositive();
    }

    @Test
    default void serverIsBoundOnce() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        assertThatThrownBy(() -> server.bind(ChannelBench.ANY_PORT))
                .isInstanceOf(AlreadyBoundException.class);
    }

    @Test
    default void addressOfAnotherKindIsRefused() throws Exception {
        AsynchronousServerSocketChannel server = bench().server();
        assertThatThrownBy(() -> server.bind(new OtherAddress()))
                .isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    default void addressInUseIsABindException() throws Exception {
        SocketAddress taken = bench().listener().getLocalAddress();
        AsynchronousServerSocketChannel server = bench().server();
        assertThatThrownBy(() -> server.bind(taken)).isInstanceOf(BindException.class);
        assertThat(server.isOpen()).isTrue();
        assertThat(server.getLocalAddress()).isNull();
        server.bind(ChannelBench.ANY_PORT);
    }

    @Test
    default void addressIsFreeOnceTheServerIsClosed() throws Exception {
        for (int i = 0; i < 50; i++) {
            AsynchronousServerSocketChannel first = bench().listener();
            SocketAddress address = first.getLocalAddress();
            Future<?> accept = first.accept();
            first.close();
            AsynchronousServerSocketChannel second = bench().server().bind(address);
            second.close();
            assertThatThrownBy(accept::get).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    default void acceptTellsTheConnection() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        Ended<AsynchronousSocketChannel> accept = new Ended<>();
        server.accept("note", accept);
        SocketChannel client = bench().keep(SocketChannel.open(server.getLocalAddress()));
        AsynchronousSocketChannel accepted = bench().keep(accept.value());
        assertThat(accept.attachment()).isEqualTo("note");
        assertThat(accepted.isOpen()).isTrue();
        assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        assertThat(accepted.getLocalAddress()).isEqualTo(client.getRemoteAddress());
        assertThat(accepted.write(ChannelBench.bytes("hi")).get()).isEqualTo(2);
        assertThat(new ChannelBench.Connected(accepted, client).receive(2)).isEqualTo("hi");
    }

    @Test
    default void acceptTakesConnectionsOfTheBacklogInOrder() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        SocketChannel first = bench().keep(SocketChannel.open(server.getLocalAddress()));
        SocketChannel second = bench().keep(SocketChannel.open(server.getLocalAddress()));
        assertThat(bench().keep(server.accept().get()).getRemoteAddress())
                .isEqualTo(first.getLocalAddress());
        assertThat(bench().keep(server.accept().get()).getRemoteAddress())
                .isEqualTo(second.getLocalAddress());
    }

    @Test
    default void acceptHandlerMayAcceptAgain() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        Ended<AsynchronousSocketChannel> second = new Ended<>();
        server.accept(null, new Ended<AsynchronousSocketChannel>() {
            @Override
            public void completed(AsynchronousSocketChannel accepted, Object attachment) {
                server.accept(null, second);
                bench().keep(accepted);
            }
        });
        bench().keep(SocketChannel.open(server.getLocalAddress()));
        SocketChannel client = bench().keep(SocketChannel.open(server.getLocalAddress()));
        assertThat(bench().keep(second.value()).getRemoteAddress())
                .isEqualTo(client.getLocalAddress());
    }

    @Test
    default void acceptHandlerNeverRunsInsideAccept() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        bench().keep(SocketChannel.open(server.getLocalAddress()));
        Ended<AsynchronousSocketChannel> accept = new Ended<>();
        server.accept(null, accept);
        bench().keep(accept.value());
        assertThat(accept.thread()).isNotSameAs(Thread.currentThread());
    }

    @Test
    default void secondAcceptIsMisuseWhileOneIsPending() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        Future<AsynchronousSocketChannel> pending = server.accept();
        assertThatThrownBy(server::accept).isInstanceOf(AcceptPendingException.class);
        assertThatThrownBy(() -> server.accept(null, new Ended<>()))
                .isInstanceOf(AcceptPendingException.class);
        bench().keep(SocketChannel.open(server.getLocalAddress()));
        bench().keep(pending.get());
    }

    @Test
    default void closeEndsAPendingAccept() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        Ended<AsynchronousSocketChannel> accept = new Ended<>();
        server.accept(null, accept);
        server.close();
        server.close();
        assertThat(accept.failure()).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    default void closedServerRefusesAll() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        server.close();
        assertThat(server.isOpen()).isFalse();
        assertThatThrownBy(server::getLocalAddress).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> server.bind(ChannelBench.ANY_PORT))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> server.accept().get())
                .hasCauseInstanceOf(ClosedChannelException.class);
        Ended<AsynchronousSocketChannel> accept = new Ended<>();
        server.accept(null, accept);
        assertThat(accept.failure()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    default void acceptNeedsAHandler() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        assertThatThrownBy(() -> server.accept(null, null))
                .isInstanceOf(NullPointerException.class);
    }

    /** Of no kind that a channel knows. */
    final class OtherAddress extends SocketAddress {
        private static final long serialVersionUID = 1;
    }
}
