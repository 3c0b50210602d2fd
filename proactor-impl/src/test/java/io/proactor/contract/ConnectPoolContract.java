package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.proactor.ConnectPool;
import io.proactor.StreamSocket;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T15 and T16 on the connecting side: sockets that are opened in advance and used again. */
interface ConnectPoolContract extends Contract {

    @Test
    @DisplayName("T15 two sockets serve ten connections, each opened before it is needed")
    default void fewSocketsMakeManyConnections() throws Exception {
        ConnectPool pool = bench().proactor().connector().newPool(1, 2);
        assertThat(pool.atRest()).isEqualTo(1);
        Set<StreamSocket> sockets = new HashSet<>();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 10; i++) {
                StreamSocket socket = connect(pool, server).value();
                sockets.add(socket);
                assertThat(pool.inUse()).isEqualTo(1);
                assertThat(pool.atRest()).isEqualTo(1);
                Recorder<StreamSocket> disconnect = bench().recorder();
                try (Socket peer = server.accept()) {
                    Recorder<Integer> write = bench().recorder();
                    socket.write(Bytes.of("hello " + i), null, write);
                    assertThat(new String(peer.getInputStream().readNBytes(7)))
                            .isEqualTo("hello " + i);
                    write.value();
                    socket.disconnect(0, TimeUnit.SECONDS, null, disconnect);
                }
                disconnect.value();
                Until.until("it is at rest", () -> pool.inUse() == 0);
            }
        }
        assertThat(sockets).hasSizeLessThanOrEqualTo(2);
        assertThat(pool.reused()).isGreaterThanOrEqualTo(8);
        pool.close();
        assertThat(pool.atRest()).isZero();
    }

    @Test
    @DisplayName("T15 a refused connect gives its socket back; so does a close, with another one")
    default void placesComeBackWhateverHappens() throws Exception {
        ConnectPool pool = bench().proactor().connector().newPool(0, 1);
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 3; i++) {
                Recorder<StreamSocket> refused = bench().recorder();
                pool.connect(Bench.closedPort(), 0, TimeUnit.SECONDS, null, refused);
                refused.failure(ConnectException.class);
                Until.until("it is at rest", () -> pool.inUse() == 0);
                StreamSocket socket = connect(pool, server).value();
                assertThatThrownBy(() -> connect(pool, server))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("in use");
                assertThatThrownBy(() -> socket.connect(server.getLocalSocketAddress(), null,
                        bench().recorder())).isInstanceOf(IllegalStateException.class);
                server.accept().close();
                socket.close();
                Until.until("its place is free", () -> pool.inUse() == 0);
            }
        }
        pool.close();
    }

    @Test
    @DisplayName("T15 a pool that is closed still connects, and keeps no socket")
    default void closedPoolConnectsAndKeepsNothing() throws Exception {
        ConnectPool pool = bench().proactor().connector().newPool(2, 3);
        pool.close();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            StreamSocket socket = assertTimeoutPreemptively(Duration.ofSeconds(20),
                    () -> connect(pool, server).value(), "the initiating call returns");
            assertThat(pool.atRest()).isZero();
            server.accept().close();
            socket.close();
            Until.until("its place is free", () -> pool.inUse() == 0);
            assertThat(pool.atRest()).isZero();
        }
    }

    private Recorder<StreamSocket> connect(ConnectPool pool, ServerSocket server) {
        Recorder<StreamSocket> connect = bench().recorder();
        pool.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 10,
                TimeUnit.SECONDS, null, connect);
        return connect;
    }
}
