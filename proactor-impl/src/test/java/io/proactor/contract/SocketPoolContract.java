package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.SocketPool;
import io.proactor.StreamSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T14 and T16: a pool that is shared, with sockets that are made in advance. */
interface SocketPoolContract extends Contract {

    @Test
    @DisplayName("T16 sockets up to the minimum are made in advance, and are the first to be used")
    default void minimumIsMadeInAdvance() throws Exception {
        SocketPool pool = bench().proactor().newSocketPool(3, 8);
        assertThat(pool.minimum()).isEqualTo(3);
        assertThat(pool.maximum()).isEqualTo(8);
        assertThat(pool.atRest()).isEqualTo(3);
        assertThat(pool.free()).isEqualTo(8);
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withPool(pool));
        List<Pair> pairs = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            pairs.add(bench().accepted(acceptor));
            assertThat(pool.atRest()).isEqualTo(Math.max(0, 3 - i));
            assertThat(pool.inUse()).isEqualTo(i);
        }
        for (Pair each : pairs) {
            each.roundTrips();
        }
        shutDown();
    }

    @Test
    @DisplayName("T16 acceptors that share a pool share its sockets, and its limit")
    default void acceptorsShareTheSocketsOfAPool() throws Exception {
        SocketPool pool = bench().proactor().newSocketPool(2);
        List<Acceptor> acceptors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            acceptors.add(bench().listen(ListenOptions.defaults().withPool(pool)));
        }
        Set<StreamSocket> sockets = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int k = 0; k < 30; k++) {
            Acceptor acceptor = acceptors.get(k % 3);
            Pair pair = bench().accepted(acceptor);
            sockets.add(pair.socket());
            pair.roundTrips();
            assertThat(acceptor.connections()).isEqualTo(1);
            assertThat(pool.inUse()).isEqualTo(1);
            pair.peer().finish();
            Recorder<StreamSocket> disconnect = bench().recorder();
            pair.socket().disconnect(0, TimeUnit.SECONDS, null, disconnect);
            disconnect.value();
            Until.until("the place is free", () -> pool.inUse() == 0);
            assertThat(acceptor.connections()).isZero();
        }
        assertThat(sockets).hasSizeLessThanOrEqualTo(2);
        assertThat(pool.reused()).isEqualTo(29);
        shutDown();
    }

    @Test
    @DisplayName("T16 an acceptor that ends leaves the sockets of a shared pool to the others")
    default void endOfOneAcceptorLeavesTheSocketsOfASharedPool() throws Exception {
        SocketPool pool = bench().proactor().newSocketPool(1, 4);
        Acceptor first = bench().listen(ListenOptions.defaults().withPool(pool));
        first.close();
        Acceptor second = bench().listen(ListenOptions.defaults().withPool(pool));
        assertThat(pool.atRest()).isEqualTo(1);
        bench().accepted(second).roundTrips();
        assertThat(pool.atRest()).isZero();
        shutDown();
    }

    @Test
    @DisplayName("T16 the sockets of an acceptor's own pool end with it, and later ones on return")
    default void socketsOfAnOwnPoolEndWithTheAcceptor() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(4));
        Pair open = bench().accepted(acceptor);
        Pair rests = bench().accepted(acceptor);
        rests.peer().finish();
        disconnect(rests);
        Until.until("one rests", () -> acceptor.pool().atRest() == 1);
        acceptor.close();
        Until.until("it is closed", () -> !rests.socket().isOpen());
        open.roundTrips();
        open.peer().finish();
        disconnect(open);
        Until.until("the other one, too", () -> !open.socket().isOpen());
        assertThat(acceptor.pool().atRest()).isZero();
    }

    @Test
    @DisplayName("T14 places that recycled sockets leave are taken by those who wait")
    default void placesOfDisconnectedSocketsAreTaken() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(2));
        List<Recorder<io.proactor.Accepted>> accepts = new ArrayList<>();
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Recorder<io.proactor.Accepted> accept = bench().recorder(Keep.accepted(bench()));
            acceptor.accept(null, accept);
            accepts.add(accept);
            peers.add(bench().connectTo(acceptor));
        }
        for (int i = 0; i < 10; i++) {
            Pair pair = new Pair(bench(), accepts.get(i).value().socket(), peers.get(i));
            assertThat(acceptor.connections()).isBetween(1, 2);
            pair.peer().finish();
            disconnect(pair);
        }
        Until.until("all places are free", () -> acceptor.pool().inUse() == 0);
        assertThat(acceptor.pool().atRest()).isLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("A pool has at least one place, and no more in advance than it has places")
    default void boundsOfAPoolAreChecked() throws Exception {
        assertThatThrownBy(() -> bench().proactor().newSocketPool(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bench().proactor().newSocketPool(-1, 4))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bench().proactor().newSocketPool(5, 4))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void disconnect(Pair pair) throws Exception {
        Recorder<StreamSocket> disconnect = bench().recorder();
        pair.socket().disconnect(0, TimeUnit.SECONDS, null, disconnect);
        disconnect.value();
    }

    /** Sockets of a shared pool rest, and are watched by a timer, until the proactor ends. */
    private void shutDown() throws Exception {
        bench().proactor().shutdown(Duration.ofSeconds(1));
        assertThat(bench().proactor().awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    @DisplayName("A pool of another proactor is refused: its sockets are on the other's loops")
    default void poolOfAnotherProactorIsRefused() throws Exception {
        try (Proactor other = Proactor.open(bench().proactor().options())) {
            SocketPool foreign = other.newSocketPool(1, 2);
            assertThatThrownBy(() -> bench().proactor().listen(
                    new InetSocketAddress("127.0.0.1", 0),
                    ListenOptions.defaults().withPool(foreign)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another proactor");
        }
    }
}
