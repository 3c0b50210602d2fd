package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T13: somebody who decides on each connection before anything exists for it. */
interface ValidationContract extends Contract {

    @Test
    @DisplayName("T13 a connection that is refused is closed, no handler hears of it, and its "
            + "place is free")
    default void refusedConnectionIsClosed() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1)
                .withValidation((local, remote) -> asked.incrementAndGet() > 3));
        ConcurrentLinkedQueue<Accepted> delivered = new ConcurrentLinkedQueue<>();
        acceptor.acceptAll(accepted -> {
            bench().keep(accepted.socket());
            delivered.add(accepted);
        });
        for (int i = 0; i < 3; i++) {
            bench().connectTo(acceptor).assertGone();
        }
        assertThat(delivered).isEmpty();
        Peer good = bench().connectTo(acceptor);
        Until.until("the fourth one is accepted", () -> delivered.size() == 1);
        assertThat(delivered.peek().remoteAddress()).isEqualTo(good.localAddress());
        assertThat(acceptor.refused()).isEqualTo(3);
        assertThat(acceptor.connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("T13 it is asked with both addresses")
    default void validationSeesBothAddresses() throws Exception {
        List<SocketAddress> seen = new ArrayList<>();
        Acceptor acceptor = bench().listen(ListenOptions.defaults()
                .withValidation((local, remote) -> seen.add(local) && seen.add(remote)));
        Pair pair = bench().accepted(acceptor);
        assertThat(seen).containsExactly(pair.peer().remoteAddress(), pair.peer().localAddress());
    }

    @Test
    @DisplayName("T13 an exception refuses, too, and is reported")
    default void validationThatThrowsRefuses() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1)
                .withValidation((local, remote) -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("thrown on purpose");
                    }
                    return true;
                }));
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, accept);
        bench().connectTo(acceptor).assertGone();
        ListenerRecord.Thrown thrown = bench().listener().takeThrown();
        assertThat(thrown.thrown()).hasMessage("thrown on purpose");
        assertThat(accept.called()).isFalse();
        Peer good = bench().connectTo(acceptor);
        assertThat(accept.value().remoteAddress()).isEqualTo(good.localAddress());
        assertThat(acceptor.refused()).isEqualTo(1);
    }

    @Test
    @DisplayName("T13 it comes before the wait for the first block")
    default void validationComesBeforeTheFirstBlock() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults()
                .withFirstBlock(8, Duration.ZERO).withValidation((local, remote) -> false));
        Recorder<Accepted> accept = bench().recorder();
        acceptor.accept(null, accept);
        bench().connectTo(acceptor).assertGone();
        assertThat(accept.called()).isFalse();
        assertThat(acceptor.silentClosed()).isZero();
    }

    @Test
    @DisplayName("T13 the accept is posted again after a refusal")
    default void acceptIsPostedAgainAfterARefusal() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(4)
                .withAcceptsPosted(2).withValidation((local, remote) -> false));
        acceptor.acceptAll(accepted -> bench().keep(accepted.socket()));
        for (int i = 0; i < 10; i++) {
            bench().connectTo(acceptor).assertGone();
        }
        Until.until("two accepts are outstanding", () -> acceptor.acceptsOutstanding() == 2);
        assertThat(acceptor.refused()).isEqualTo(10);
    }

    @Test
    @DisplayName("An address has as many connections as it may, and another one when one is over")
    default void addressHasAsManyConnectionsAsItMay() throws Exception {
        Acceptor acceptor = bench().listen(
                ListenOptions.defaults().withConnectionsPerAddress(2));
        ConcurrentLinkedQueue<Accepted> delivered = new ConcurrentLinkedQueue<>();
        acceptor.acceptAll(accepted -> {
            bench().keep(accepted.socket());
            delivered.add(accepted);
        });
        bench().connectTo(acceptor);
        bench().connectTo(acceptor);
        Until.until("two are accepted", () -> delivered.size() == 2);
        bench().connectTo(acceptor).assertGone();
        bench().connectTo(acceptor).assertGone();
        assertThat(acceptor.refused()).isEqualTo(2);
        assertThat(delivered).hasSize(2);
        delivered.remove().socket().close();
        Until.until("one is over", () -> acceptor.connections() == 1);
        bench().connectTo(acceptor);
        Until.until("another one is accepted", () -> delivered.size() == 2);
        assertThat(acceptor.refused()).isEqualTo(2);
    }
}
