package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.SocketClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.AcceptPendingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T07, T10 and T12: how connections are taken. */
interface AcceptContract extends Contract {

    /** N of T10: accepts posted in advance. */
    int POSTED = 4;

    @Test
    @DisplayName("T07 a client that sends nothing is accepted at once, with both addresses")
    default void silentClientIsAcceptedWithBothAddresses() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept("attached", accept);
        assertThat(acceptor.acceptsOutstanding()).isEqualTo(1);
        Peer silent = bench().connectTo(acceptor);
        Accepted accepted = accept.within(500).value();
        assertThat(accept.attachment()).isEqualTo("attached");
        assertThat(accepted.localAddress()).isEqualTo(silent.remoteAddress());
        assertThat(accepted.remoteAddress()).isEqualTo(silent.localAddress());
        assertThat(accepted.socket().localAddress()).isEqualTo(silent.remoteAddress());
        assertThat(accepted.socket().remoteAddress()).isEqualTo(silent.localAddress());
        assertThat(acceptor.acceptsOutstanding()).isZero();
        assertThat(acceptor.connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("T10 N accepts are outstanding after the start, and again inside each handler")
    default void acceptsArePostedAgainBeforeTheHandlerRuns() throws Exception {
        Acceptor acceptor = bench().listen(limited());
        ConcurrentLinkedQueue<Integer> outstanding = new ConcurrentLinkedQueue<>();
        acceptor.acceptAll(accepted -> {
            bench().keep(accepted.socket());
            outstanding.add(acceptor.acceptsOutstanding());
        });
        assertThat(acceptor.acceptsOutstanding()).isEqualTo(POSTED);
        assertThat(acceptor.pool().waiting()).isEqualTo(POSTED);
        for (int i = 1; i <= 3 * POSTED; i++) {
            bench().connectTo(acceptor);
            int handlers = i;
            // One client at a time: a second one would take an accept while the handler looks.
            Until.until("the client was accepted", () -> outstanding.size() == handlers);
        }
        assertThat(outstanding).containsOnly(POSTED);
    }

    @Test
    @DisplayName("T10 a slow handler does not keep the processor from accepting others")
    default void slowHandlerDoesNotKeepClientsWaiting() throws Exception {
        Require.threadsOfItsOwn(bench());
        Acceptor acceptor = bench().listen(limited());
        CountDownLatch leave = bench().gate();
        acceptor.acceptAll(accepted -> {
            bench().keep(accepted.socket());
            Bench.pass(leave);
        });
        for (int i = 0; i < 1 + POSTED; i++) {
            bench().connectTo(acceptor);
        }
        Until.until("the first client and N more were accepted while the first handler runs",
                () -> acceptor.connections() == 1 + POSTED);
        leave.countDown();
    }

    @Test
    @DisplayName("T10 a burst of 4N clients is served within a second; no AcceptPendingException")
    default void burstIsServed() throws Exception {
        Acceptor acceptor = bench().listen(limited());
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        acceptor.acceptAll(accepted -> {
            try {
                bench().keep(accepted.socket()).write(Bytes.of("!"), null, bench().recorder());
            } catch (AcceptPendingException e) {
                failures.add(e);
            }
        });
        List<Future<String>> burst = new ArrayList<>();
        for (int i = 0; i < 4 * POSTED; i++) {
            Peer peer = bench().connectTo(acceptor);
            burst.add(bench().start(() -> peer.receive(1)));
        }
        assertThat(Until.within(5_000, () -> burst.stream().allMatch(Future::isDone))).isTrue();
        for (Future<String> each : burst) {
            assertThat(each.get()).isEqualTo("!");
        }
        assertThat(failures).isEmpty();
        Until.until("N accepts are outstanding", () -> acceptor.acceptsOutstanding() == POSTED);
    }

    @Test
    @DisplayName("T10 single accepts may be posted in any number, and are served in order")
    default void acceptsAreServedInOrder() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        List<Recorder<Accepted>> accepts = new ArrayList<>();
        for (int i = 0; i < 3 * POSTED; i++) {
            Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
            acceptor.accept(null, accept);
            accepts.add(accept);
        }
        assertThat(acceptor.acceptsOutstanding()).isEqualTo(3 * POSTED);
        for (Recorder<Accepted> accept : accepts) {
            Peer peer = bench().connectTo(acceptor);
            assertThat(accept.value().remoteAddress()).isEqualTo(peer.localAddress());
        }
    }

    @Test
    @DisplayName("T12 a client that connects and resets before the accept does not end the "
            + "acceptor")
    default void clientThatResetsBeforeTheAcceptIsNoHarm() throws Exception {
        Acceptor acceptor = bench().listen(limited());
        for (int i = 0; i < POSTED; i++) {
            Peer.to(acceptor.localAddress()).reset();
        }
        Peer next = bench().connectTo(acceptor);
        next.send("?");
        acceptor.acceptAll(accepted -> Keep.echoOnce(accepted.socket(), bench()));
        assertThat(next.receive(1)).isEqualTo("?");
        assertThat(acceptor.isOpen()).isTrue();
        Peer last = bench().connectTo(acceptor);
        last.send("!");
        assertThat(last.receive(1)).isEqualTo("!");
        assertThat(acceptor.acceptsOutstanding()).isEqualTo(POSTED);
    }

    @Test
    @DisplayName("T29 a closed acceptor ends its accepts, refuses clients, keeps its connections")
    default void closedAcceptorEndsItsAcceptsOnce() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Pair pair = bench().accepted(acceptor);
        Recorder<Accepted> first = bench().recorder();
        Recorder<Accepted> second = bench().recorder();
        acceptor.accept(null, first);
        acceptor.accept(null, second);
        acceptor.close();
        acceptor.close();
        first.failure(SocketClosedException.class);
        second.failure(SocketClosedException.class);
        assertThat(acceptor.isOpen()).isFalse();
        Until.until("nobody listens", () -> refuses(acceptor));
        Recorder<Accepted> late = bench().recorder();
        acceptor.accept(null, late);
        late.failure(SocketClosedException.class);
        pair.roundTrips();
        assertThat(acceptor.connections()).isEqualTo(1);
    }

    private static boolean refuses(Acceptor acceptor) throws Exception {
        try {
            Peer.to(acceptor.localAddress()).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    @DisplayName("an address that cannot be listened on is refused with a reason that names it")
    default void unusableAddressesAreRefusedByName() throws Exception {
        Proactor proactor = bench().proactor();
        assertThatThrownBy(
                () -> proactor.listen(InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
                .isExactlyInstanceOf(UnknownHostException.class).hasMessage("nowhere.invalid");
        assertThatThrownBy(() -> proactor.listen(UnixDomainSocketAddress.of("no-such-kind")))
                .isInstanceOf(IOException.class).hasMessageContaining("no-such-kind");
    }

    @Test
    @DisplayName("acceptAll tells its handler of the end once, and may be called once")
    default void acceptAllTellsOfTheEndOnce() throws Exception {
        Acceptor acceptor = bench().listen(limited());
        Recorder<Accepted> end = bench().recorder();
        acceptor.acceptAll(null, end);
        assertThatThrownBy(() -> acceptor.acceptAll(accepted -> {}))
                .isInstanceOf(IllegalStateException.class);
        acceptor.close();
        end.failure(SocketClosedException.class);
        Until.until("no accept is outstanding", () -> acceptor.acceptsOutstanding() == 0);
        assertThat(end.calls()).isEqualTo(1);
    }

    @Test
    @DisplayName("acceptAll on an acceptor that is closed tells its handler of the end, too")
    default void acceptAllOnClosedAcceptorTellsOfTheEnd() throws Exception {
        Acceptor acceptor = bench().listen(limited());
        acceptor.close();
        Recorder<Accepted> end = bench().recorder();
        acceptor.acceptAll(null, end);
        end.failure(SocketClosedException.class);
    }

    private static ListenOptions limited() {
        return ListenOptions.defaults().withAcceptsPosted(POSTED).withConnectionsMax(5 * POSTED);
    }
}
