package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.ComposedOperation;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.StreamSocket;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T15: connect with first data, as ConnectEx. */
interface ConnectFirstDataContract extends Contract {

    @Test
    @DisplayName("T15 it completes with the count when all of the first data is sent")
    default void firstDataIsSentWithTheConnect() throws Exception {
        ServerSocket server = bench().server(8);
        StreamSocket socket = newSocket();
        ByteBuffer first = Bytes.of("GET x");
        Recorder<Integer> connect = connect(socket, server.getLocalSocketAddress(), first, 0);
        assertThat(connect.value()).isEqualTo(5);
        assertThat(first.hasRemaining()).isFalse();
        Pair pair = new Pair(bench(), socket, bench().keep(new Peer(server.accept())));
        assertThat(pair.peer().receive(5)).isEqualTo("GET x");
        pair.roundTrips();
        assertThatThrownBy(() -> connect(socket, server.getLocalSocketAddress(), first, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("T15 first data of many megabytes is sent whole; none at all only connects")
    default void firstDataMayBeLargeOrEmpty() throws Exception {
        ServerSocket server = bench().server(8);
        for (int length : new int[] {16 << 20, 0}) {
            byte[] bytes = Bytes.random(length, 3);
            StreamSocket socket = newSocket();
            Recorder<Integer> connect =
                    connect(socket, server.getLocalSocketAddress(), ByteBuffer.wrap(bytes), 0);
            Peer peer = bench().keep(new Peer(server.accept()));
            assertThat(peer.receiveBytes(length)).isEqualTo(bytes);
            assertThat(connect.value()).isEqualTo(length);
        }
    }

    @Test
    @DisplayName("T15 a refused connect fails once and takes nothing; the same socket tries again")
    default void refusedSocketTriesAgain() throws Exception {
        ServerSocket server = bench().server(8);
        StreamSocket socket = newSocket();
        ByteBuffer first = Bytes.of("GET x");
        for (int i = 0; i < 3; i++) {
            Recorder<Integer> refused = connect(socket, Bench.closedPort(), first, 0);
            refused.failure(ConnectException.class);
            assertThat(socket.isOpen()).isTrue();
            assertThat(first.remaining()).isEqualTo(5);
        }
        assertThat(connect(socket, server.getLocalSocketAddress(), first, 0).value()).isEqualTo(5);
        assertThat(bench().keep(new Peer(server.accept())).receive(5)).isEqualTo("GET x");
    }

    @Test
    @DisplayName("T26 the timeout is for both; a write that fails closes the connection")
    default void timeoutInTheWriteClosesTheConnection() throws Exception {
        ServerSocket server = bench().server(8);
        StreamSocket socket = newSocket();
        // More than the system's buffers hold, and nobody reads.
        ByteBuffer first = ByteBuffer.allocate(64 << 20);
        Recorder<Integer> connect = connect(socket, server.getLocalSocketAddress(), first, 2_000);
        Peer peer = bench().keep(new Peer(server.accept()));
        OperationTimedOutException late = connect.failure(OperationTimedOutException.class);
        assertThat(late.bytesMoved()).isEqualTo(first.position()).isGreaterThan(0);
        assertThat(socket.isOpen()).isFalse();
        peer.assertGone();
    }

    @Test
    @DisplayName("T24 a cancel ends the whole, whatever part is pending")
    default void cancelEndsTheWhole() throws Exception {
        ServerSocket server = bench().server(8);
        StreamSocket socket = newSocket();
        Recorder<Integer> connect = bench().recorder();
        ComposedOperation pending = socket.connect(server.getLocalSocketAddress(), ByteBuffer.allocate(64 << 20), 0,
                TimeUnit.SECONDS, null, connect);
        Peer peer = bench().keep(new Peer(server.accept()));
        peer.receive(1);
        assertThat(pending.cancel()).isTrue();
        assertThat(pending.cancel()).isFalse();
        connect.failure(OperationCancelledException.class);
        assertThat(socket.isOpen()).isFalse();
        peer.assertGone();
    }

    @Test
    @DisplayName("T24 cancels that race the connect: once each, then either usable or closed")
    default void cancelsThatRaceTheConnectEndOnce() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seed.of("cancelsThatRaceTheConnectEndOnce"));
        ServerSocket server = bench().server(512);
        for (int round = 0; round < 200; round++) {
            StreamSocket socket = newSocket();
            ByteBuffer first = Bytes.of("GET x");
            Recorder<Integer> connect = bench().recorder();
            ComposedOperation pending = socket.connect(server.getLocalSocketAddress(), first, 0, TimeUnit.SECONDS, null, connect);
            LockSupport.parkNanos(random.nextInt(300_000));
            boolean cancelled = pending.cancel();
            if (connect.cause() == null) {
                assertThat(connect.value()).isEqualTo(5);
                assertThat(socket.remoteAddress()).isNotNull();
            } else {
                assertThat(cancelled).isTrue();
                connect.failure(OperationCancelledException.class);
                if (socket.isOpen()) {
                    // It was cancelled before it was connected, so it can be connected.
                    assertThat(first.remaining()).isEqualTo(5);
                    assertThat(connect(socket, server.getLocalSocketAddress(), first, 0).value())
                            .isEqualTo(5);
                }
            }
            socket.close();
        }
    }

    private Recorder<Integer> connect(StreamSocket socket, SocketAddress remote, ByteBuffer first,
            long timeoutMillis) throws Exception {
        Recorder<Integer> connect = bench().recorder();
        socket.connect(remote, first, timeoutMillis,
                TimeUnit.MILLISECONDS, null, connect);
        return connect;
    }

    private StreamSocket newSocket() throws Exception {
        return bench().keep(bench().proactor().newSocket());
    }
}
