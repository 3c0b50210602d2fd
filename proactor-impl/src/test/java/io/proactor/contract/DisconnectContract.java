package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.OperationTimedOutException;
import io.proactor.Pipe;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.StreamSocket;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T16 and T17: a connection that ends in good order, and a socket that can be used again. */
interface DisconnectContract extends Contract {

    @Test
    @DisplayName("T16 queued writes go out, then the end; the handler comes when the peer has "
            + "ended")
    default void disconnectFlushesAndWaitsForThePeer() throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(8 << 20, 16);
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(bytes));
        Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 0);
        pair.peer().send("never read");
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        pair.peer().assertEndOfStream();
        assertThat(write.value()).isEqualTo(bytes.length);
        assertThat(disconnect.calledWithin(50)).isFalse();
        pair.peer().send(new byte[100_000]);
        pair.peer().finish();
        assertThat(disconnect.value()).isSameAs(pair.socket());
        assertThat(pair.socket().isOpen()).isTrue();
        assertThat(pair.socket().remoteAddress()).isNull();
        assertThat(pair.socket().localAddress()).isNull();
    }

    /** As HTTP/1.0 clients do: the request, the end of the request, then the whole answer. */
    @Test
    @DisplayName("T16 a peer that has ended its side long before still gets all that is queued")
    default void peerThatEndedBeforeStillGetsWhatIsQueued() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().finish();
        assertThat(pair.read(ByteBuffer.allocate(1)).value()).isEqualTo(-1);
        byte[] bytes = Bytes.random(8 << 20, 17);
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(bytes));
        Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 0);
        assertThat(disconnect.calledWithin(100)).isFalse();
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        pair.peer().assertEndOfStream();
        assertThat(write.value()).isEqualTo(bytes.length);
        disconnect.value();
    }

    @Test
    @DisplayName("T16 a peer that does not end its side is cut off at the limit; the socket "
            + "is free")
    default void silentPeerIsCutOffAtTheLimit() throws Exception {
        Pair pair = bench().connected();
        Recorder<StreamSocket> disconnect = bench().recorder();
        long startNanos = System.nanoTime();
        pair.socket().disconnect(200, TimeUnit.MILLISECONDS, "attached", disconnect);
        disconnect.within(2_000).failure(OperationTimedOutException.class);
        assertThat(disconnect.attachment()).isEqualTo("attached");
        assertThat(disconnect.millisSince(startNanos)).isGreaterThanOrEqualTo(200);
        pair.peer().assertGone();
        assertThat(pair.socket().remoteAddress()).isNull();
        assertConnects(pair.socket());
    }

    @Test
    @DisplayName("T16 a peer that does not read what is queued is cut off at the limit, too")
    default void peerThatDoesNotReadIsCutOffAtTheLimit() throws Exception {
        Pair pair = bench().connected();
        Recorder<Integer> write = pair.write(ByteBuffer.allocate(16 << 20));
        pair.peer().finish();
        Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 200);
        disconnect.failure(OperationTimedOutException.class);
        assertThat(write.failure(SocketClosedException.class).bytesMoved())
                .isBetween(1L, (16L << 20) - 1);
        assertConnects(pair.socket());
    }

    @Test
    @DisplayName("T16 a peer that resets has ended, too")
    default void peerThatResetsHasEnded() throws Exception {
        Pair pair = bench().connected();
        Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 0);
        pair.peer().reset();
        assertThat(disconnect.value()).isSameAs(pair.socket());
        assertConnects(pair.socket());
    }

    @Test
    @DisplayName("T16 the same socket is connected and disconnected again and again")
    default void sameSocketConnectsAgainAndAgain() throws Exception {
        ServerSocket server = bench().server(8);
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        int descriptors = 0;
        for (int i = 0; i < 20; i++) {
            Recorder<StreamSocket> connect = bench().recorder();
            socket.connect(server.getLocalSocketAddress(), null, connect);
            assertThat(connect.value()).isSameAs(socket);
            Pair pair = new Pair(bench(), socket, new Peer(server.accept()));
            String greeting = String.format("%02d|rest", i);
            pair.peer().send(greeting);
            ByteBuffer line = ByteBuffer.allocate(64);
            Recorder<Integer> read = bench().recorder();
            socket.readUntil(line, new byte[] {'|'}, null, read);
            assertThat(read.value()).isEqualTo(3);
            assertThat(Bytes.text(line)).isEqualTo(greeting.substring(0, 3));
            pair.write(Bytes.of(greeting)).value();
            Recorder<StreamSocket> disconnect = disconnect(socket, 0);
            assertThat(pair.peer().receiveAll()).isEqualTo(greeting.getBytes());
            pair.peer().close();
            disconnect.value();
            if (i == 0) {
                descriptors = Descriptors.count();
            }
        }
        int atFirst = descriptors;
        Until.until("no descriptor is left behind", () -> Descriptors.count() <= atFirst);
    }

    @Test
    @DisplayName("T16 a handler may connect the socket again")
    default void handlerMayConnectAgain() throws Exception {
        ServerSocket server = bench().server(8);
        Pair pair = bench().connected();
        Recorder<StreamSocket> connect = bench().recorder();
        Recorder<StreamSocket> disconnect = bench().recorder(call -> call.ifCompleted(
                socket -> socket.connect(server.getLocalSocketAddress(), null, connect)));
        pair.socket().disconnect(0, TimeUnit.SECONDS, null, disconnect);
        pair.peer().close();
        connect.value();
        new Pair(bench(), pair.socket(), bench().keep(new Peer(server.accept()))).roundTrips();
    }

    @Test
    @DisplayName("T29 a close during a disconnect ends it, once")
    default void closeEndsADisconnect() throws Exception {
        for (int i = 0; i < 20; i++) {
            Pair pair = i % 2 == 0 ? bench().accepted() : bench().connected();
            Recorder<Integer> write = pair.write(ByteBuffer.allocate(16 << 20));
            Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 60_000);
            pair.socket().close();
            disconnect.failure(SocketClosedException.class);
            write.failure(SocketClosedException.class);
            assertThat(pair.socket().isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("T29 a disconnect of a socket that is closed fails, once")
    default void disconnectOfAClosedSocketFails() throws Exception {
        Pair pair = bench().accepted();
        pair.socket().close();
        disconnect(pair.socket(), 0).failure(SocketClosedException.class);
        disconnect(pair.socket(), 0).failure(SocketClosedException.class);
    }

    @Test
    @DisplayName("T29 closes that race the end of a disconnect: one call, and nothing is left")
    default void closesThatRaceADisconnectEndOnce() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1));
        for (int i = 0; i < 200; i++) {
            Pair pair = bench().accepted(acceptor);
            Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 0);
            Future<Void> closer = bench().start(() -> {
                pair.socket().close();
                return null;
            });
            pair.peer().close();
            if (disconnect.cause() != null) {
                disconnect.failure(SocketClosedException.class);
            }
            Bench.join(closer);
            // The next connection needs the one place.
        }
    }

    @Test
    @DisplayName("T30 a shutdown during a disconnect ends it, once")
    default void shutdownEndsADisconnect() throws Exception {
        Pair pair = bench().accepted();
        Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 60_000);
        bench().proactor().shutdownNow();
        disconnect.failure(ProactorShutdownException.class);
        assertThat(pair.socket().isOpen()).isFalse();
    }

    @Test
    @DisplayName("T30 a drain ends a disconnect whose peer does not end its side")
    default void drainEndsADisconnect() throws Exception {
        Pair pair = bench().accepted();
        Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 0);
        long startNanos = System.nanoTime();
        bench().proactor().shutdown(java.time.Duration.ofSeconds(15));
        disconnect.failure(ProactorShutdownException.class);
        assertThat(disconnect.millisSince(startNanos)).isLessThan(10_000);
    }

    @Test
    @DisplayName("T17 during a disconnect nothing else is initiated")
    default void nothingIsInitiatedDuringADisconnect() throws Exception {
        Pair pair = bench().connected();
        Recorder<StreamSocket> disconnect = disconnect(pair.socket(), 0);
        assertThatThrownBy(() -> pair.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.write(Bytes.of("x")))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> disconnect(pair.socket(), 0))
                .isInstanceOf(IllegalStateException.class);
        pair.peer().close();
        disconnect.value();
        assertThatThrownBy(() -> pair.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.write(Bytes.of("x")))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> disconnect(pair.socket(), 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("T17 a disconnect is refused while a read is pending, and changes nothing")
    default void disconnectIsRefusedWhileARead() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(1));
        assertThatThrownBy(() -> disconnect(pair.socket(), 0))
                .isInstanceOf(IllegalStateException.class);
        pair.peer().send("x");
        assertThat(read.value()).isEqualTo(1);
        pair.roundTrips();
    }

    @Test
    @DisplayName("T17 a socket that was never connected cannot be disconnected")
    default void unconnectedSocketCannotBeDisconnected() throws Exception {
        StreamSocket socket = bench().keep(bench().proactor().newSocket());
        assertThatThrownBy(() -> disconnect(socket, 0)).isInstanceOf(IllegalStateException.class);
        assertConnects(socket);
    }

    private Recorder<StreamSocket> disconnect(StreamSocket socket, long limitMillis) {
        Recorder<StreamSocket> disconnect = bench().recorder();
        socket.disconnect(limitMillis, TimeUnit.MILLISECONDS, null, disconnect);
        return disconnect;
    }

    private void assertConnects(StreamSocket socket) throws Exception {
        ServerSocket server = bench().server(8);
        Recorder<StreamSocket> connect = bench().recorder();
        socket.connect(server.getLocalSocketAddress(), null, connect);
        assertThat(connect.value()).isSameAs(socket);
        new Pair(bench(), socket, bench().keep(new Peer(server.accept()))).roundTrips();
    }

    @Test
    @DisplayName("T16 a write, the end of the output and a disconnect, all from one handler")
    default void disconnectComesBehindTheEndOfTheOutput() throws Exception {
        for (int i = 0; i < 20; i++) {
            Pair pair = bench().accepted();
            byte[] bytes = Bytes.random(i % 2 == 0 ? 1 : 4 << 20, i);
            Recorder<StreamSocket> disconnect = bench().recorder();
            bench().proactor().post(null, null, (Recorder.Posted<Object>) nothing -> {
                pair.write(ByteBuffer.wrap(bytes));
                pair.socket().shutdownOutput();
                pair.socket().disconnect(0, TimeUnit.SECONDS, null, disconnect);
            });
            assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
            pair.peer().assertEndOfStream();
            pair.peer().finish();
            assertThat(disconnect.value()).isSameAs(pair.socket());
        }
    }

    @Test
    @DisplayName("T16 a pipe whose target is being disconnected ends")
    default void pipeIntoADisconnectEnds() throws Exception {
        Pair source = bench().accepted();
        Pair sink = bench().connected();
        Recorder<Long> piped = bench().recorder();
        new Pipe(source.socket(), sink.socket()).start(null, piped);
        Recorder<StreamSocket> disconnect = disconnect(sink.socket(), 0);
        source.peer().finish();
        piped.failure(IllegalStateException.class);
        sink.peer().finish();
        disconnect.value();
    }
}
