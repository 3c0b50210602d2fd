package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.SocketClosedException;
import io.proactor.StreamSocket;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T15, as far as it is about connecting: success, refusal, retry, timeout. */
interface ConnectContract extends Contract {

    @Test
    @DisplayName("T15 a connected socket has both addresses and carries bytes both ways")
    default void connectedSocketHasAddressesAndCarriesBytes() throws Exception {
        Pair pair = bench().connected();
        assertThat(pair.socket().localAddress()).isEqualTo(pair.peer().remoteAddress());
        assertThat(pair.socket().remoteAddress()).isEqualTo(pair.peer().localAddress());
        assertThat(pair.socket().isOpen()).isTrue();
        pair.roundTrips();
    }

    @Test
    @DisplayName("T15 the library's own two ends talk to each other")
    default void bothEndsCanBeTheLibrarys() throws Exception {
        var acceptor = bench().listen(ListenOptions.defaults());
        acceptor.acceptAll(accepted -> Keep.echoOnce(accepted.socket(), bench()));
        for (int i = 0; i < 20; i++) {
            Recorder<StreamSocket> connect = bench().recorder();
            bench().proactor().connect(acceptor.localAddress(), "attached", connect);
            assertThat(connect.attachment()).isEqualTo("attached");
            Pair pair = new Pair(bench(), bench().keep(connect.value()), null);
            pair.write(Bytes.of("?")).value();
            assertThat(pair.readText(1)).isEqualTo("?");
        }
    }

    @Test
    @DisplayName("T15 a closed port fails once with ConnectException; the same socket can try "
            + "again")
    default void refusedSocketCanConnectAgain() throws Exception {
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        for (int i = 0; i < 3; i++) {
            Recorder<StreamSocket> refused = bench().recorder();
            socket.connect(Bench.closedPort(), null, refused);
            assertThat(refused.cause()).isInstanceOf(ConnectException.class);
            assertThat(socket.remoteAddress()).isNull();
            assertThat(socket.isOpen()).isTrue();
            assertThat(refused.calls()).isEqualTo(1);
        }
        assertConnects(socket);
    }

    private void assertConnects(StreamSocket socket) throws Exception {
        ServerSocket server = bench().server(8);
        Recorder<StreamSocket> connect = bench().recorder();
        socket.connect(server.getLocalSocketAddress(), null, connect);
        assertThat(connect.value()).isSameAs(socket);
        new Pair(bench(), socket, bench().keep(new Peer(server.accept()))).roundTrips();
    }

    @Test
    @DisplayName("T15 a refused connect of the connector leaves nothing behind")
    default void refusedConnectorLeavesNothing() throws Exception {
        bench().connected();
        int descriptors = Descriptors.count();
        for (int i = 0; i < 50; i++) {
            Recorder<StreamSocket> refused = bench().recorder();
            bench().proactor().connector().connect(Bench.closedPort(), null, refused);
            assertThat(refused.cause()).isInstanceOf(ConnectException.class);
        }
        Until.until("the descriptors of 50 sockets are closed",
                () -> Descriptors.count() <= descriptors);
    }

    @Test
    @DisplayName("T26 a connect that nobody answers times out; the same socket can try again")
    default void connectTimesOutAndTheSocketCanConnectAgain() throws Exception {
        InetSocketAddress silent = silentListener();
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        Recorder<StreamSocket> connect = bench().recorder();
        long startNanos = System.nanoTime();
        socket.connect(silent, 200, TimeUnit.MILLISECONDS, null, connect);
        connect.within(2_000);
        assertThat(connect.failure(OperationTimedOutException.class).bytesMoved()).isZero();
        assertThat(connect.millisSince(startNanos)).isGreaterThanOrEqualTo(200);
        assertThat(socket.remoteAddress()).isNull();
        assertConnects(socket);
    }

    @Test
    @DisplayName("T24 a connect that is cancelled says so once; the same socket can try again")
    default void connectIsCancelledAndTheSocketCanConnectAgain() throws Exception {
        InetSocketAddress silent = silentListener();
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        Recorder<StreamSocket> connect = bench().recorder();
        long id = socket.connect(silent, null, connect);
        assertThat(connect.calledWithin(50)).isFalse();
        assertThatThrownBy(() -> socket.connect(silent, null, bench().recorder()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(socket.cancel(id)).isTrue();
        connect.failure(OperationCancelledException.class);
        assertConnects(socket);
    }

    @Test
    @DisplayName("T29 a connect that is pending when its socket is closed ends with that, once")
    default void closeEndsPendingConnectOnce() throws Exception {
        InetSocketAddress silent = silentListener();
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        Recorder<StreamSocket> connect = bench().recorder();
        socket.connect(silent, null, connect);
        socket.close();
        connect.failure(SocketClosedException.class);
        Recorder<StreamSocket> late = bench().recorder();
        socket.connect(silent, null, late);
        late.failure(SocketClosedException.class);
    }

    @Test
    @DisplayName("A socket that is connected cannot be connected again")
    default void connectedSocketRefusesConnect() throws Exception {
        Pair pair = bench().connected();
        assertThatThrownBy(() -> pair.socket()
                .connect(Bench.closedPort(), null, bench().recorder()))
                .isInstanceOf(IllegalStateException.class);
        pair.roundTrips();
    }

    @Test
    @DisplayName("Reads and writes of a socket that is not connected are refused, as misuse")
    default void unconnectedSocketRefusesTransfers() throws Exception {
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        Pair pair = new Pair(bench(), socket, null);
        assertThatThrownBy(() -> pair.read(ByteBuffer.allocate(1)))
                .isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> pair.write(Bytes.of("x")))
                .isInstanceOf(NotYetConnectedException.class);
        assertThat(socket.localAddress()).isNull();
        assertThat(socket.remoteAddress()).isNull();
        assertConnects(socket);
    }

    @Test
    @DisplayName("An address without a host behind it fails once, at the handler")
    default void unresolvedAddressFailsAtTheHandler() throws Exception {
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        Recorder<StreamSocket> connect = bench().recorder();
        socket.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1), null, connect);
        assertThat(connect.cause()).isNotNull();
        assertConnects(socket);
    }

    @Test
    @DisplayName("T29 connects that race a close of their socket end once each")
    default void connectsThatRaceCloseEndOnce() throws Exception {
        ServerSocket server = bench().server(256);
        List<Recorder<StreamSocket>> connects = new ArrayList<>();
        for (int round = 0; round < 200; round++) {
            StreamSocket socket = bench().keep(bench().proactor().newSocket());
            Recorder<StreamSocket> connect = bench().recorder();
            socket.connect(server.getLocalSocketAddress(), null, connect);
            LockSupport.parkNanos(round % 20 * 5_000L);
            socket.close();
            connects.add(connect);
        }
        for (Recorder<StreamSocket> connect : connects) {
            if (connect.cause() != null) {
                connect.failure(SocketClosedException.class);
            }
        }
        assertThat(connects).allMatch(connect -> connect.calls() == 1);
    }

    /** A listener whose backlog is full: Linux drops the SYN of whoever comes next. */
    private InetSocketAddress silentListener() throws Exception {
        ServerSocket server = bench().server(1);
        List<StreamSocket> filling = new ArrayList<>();
        boolean silent = false;
        while (!silent) {
            assertThat(filling.size()).as("connections in a backlog of 1").isLessThan(64);
            StreamSocket socket = bench().keep(bench().proactor().newSocket());
            Recorder<StreamSocket> connect = bench().recorder();
            socket.connect(server.getLocalSocketAddress(), null, connect);
            silent = !connect.calledWithin(300);
            filling.add(socket);
        }
        return Bench.loopback(server.getLocalPort());
    }
}
