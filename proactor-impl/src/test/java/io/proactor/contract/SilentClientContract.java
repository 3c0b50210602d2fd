package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T09: clients that connect and say nothing do not keep the places of those that talk. */
interface SilentClientContract extends Contract {

    @Test
    @DisplayName("T09 four silent clients take all places; the talker is served when they are "
            + "closed")
    default void silentClientsAreClosedAndTheTalkerIsServed() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(4)
                .withFirstBlock(64, Duration.ofMillis(300)));
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.acceptAll(null, new First(accept));
        List<Future<Long>> silent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long startNanos = System.nanoTime();
            Peer peer = bench().connectTo(acceptor);
            silent.add(bench().start(() -> {
                peer.assertGone();
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            }));
        }
        Until.until("they have all places, or had them",
                () -> acceptor.connections() == 4 || acceptor.silentClosed() > 0);
        Peer talker = bench().connectTo(acceptor);
        talker.send("talk");
        assertThat(Until.within(3_000, () -> silent.stream().allMatch(Future::isDone)))
                .as("silent clients are closed in time").isTrue();
        assertThat(accept.value().firstBlock().remaining()).isEqualTo(4);
        assertThat(accept.value().remoteAddress()).isEqualTo(talker.localAddress());
        for (Future<Long> each : silent) {
            assertThat(Bench.join(each)).isGreaterThanOrEqualTo(300);
        }
        assertThat(acceptor.silentClosed()).isEqualTo(4);
    }

    @Test
    @DisplayName("T09 the silent clients' places are used by later clients, again and again")
    default void placesOfSilentClientsAreUsedAgain() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(2)
                .withFirstBlock(8, Duration.ofMillis(200)));
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, accept);
        for (int i = 0; i < 4; i++) {
            bench().connectTo(acceptor).assertGone();
        }
        int talkers = 0;
        for (; !accept.called(); talkers++) {
            Peer talker = bench().connectTo(acceptor);
            talker.send("x");
            Until.until("it is heard or closed", () -> accept.called() || talker.isGone());
        }
        assertThat(accept.value().firstBlock().remaining()).isEqualTo(1);
        int late = talkers - 1;  // on a machine that stands still
        Until.until("each was counted", () -> acceptor.silentClosed() == 4 + late);
        Until.until("one is left", () -> acceptor.connections() == 1);
    }

    @Test
    @DisplayName("T26 the timeout of an accept is for all clients that it takes in turn")
    default void timeoutOfAnAcceptOutlivesItsSilentClients() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1)
                .withFirstBlock(8, Duration.ofMillis(50)));
        Recorder<Accepted> accept = bench().recorder();
        long startNanos = System.nanoTime();
        acceptor.accept(300, TimeUnit.MILLISECONDS, null, accept);
        for (int i = 0; i < 2; i++) {
            Peer silent = bench().connectTo(acceptor);
            // On a machine that stands still it may come too late to be taken.
            Until.until("it is closed", () -> silent.isGone() || accept.called());
        }
        accept.within(3_000).failure(OperationTimedOutException.class);
        assertThat(accept.millisSince(startNanos)).isGreaterThanOrEqualTo(300);
    }

    @Test
    @DisplayName("T30 a shutdown ends the wait for a first block, and tells so once")
    default void shutdownEndsTheWaitForAFirstBlock() throws Exception {
        Acceptor acceptor = bench().listen(
                ListenOptions.defaults().withFirstBlock(8, Duration.ZERO));
        Recorder<Accepted> end = bench().recorder();
        acceptor.acceptAll(null, end);
        Peer peer = bench().connectTo(acceptor);
        Until.until("it is accepted", () -> acceptor.connections() == 1);
        bench().proactor().shutdown(Duration.ofSeconds(5));
        end.failure(ProactorShutdownException.class);
        peer.assertGone();
    }

    @Test
    @DisplayName("T30 a shutdown ends a single accept that waits for a first block, once")
    default void shutdownEndsASingleAcceptThatWaitsForItsBlock() throws Exception {
        Acceptor acceptor = bench().listen(
                ListenOptions.defaults().withFirstBlock(8, Duration.ZERO));
        Recorder<Accepted> accept = bench().recorder();
        acceptor.accept(null, accept);
        bench().connectTo(acceptor);
        Until.until("it is accepted", () -> acceptor.connections() == 1);
        bench().proactor().shutdownNow();
        accept.failure(ProactorShutdownException.class);
    }

    @Test
    @DisplayName("T24 an accept that waits for a connection is cancelled with a receive "
            + "length, too")
    default void acceptWithReceiveLengthIsCancelled() throws Exception {
        Acceptor acceptor = bench().listen(
                ListenOptions.defaults().withFirstBlock(8, Duration.ZERO));
        Recorder<Accepted> accept = bench().recorder();
        long id = acceptor.accept(null, accept);
        assertThat(acceptor.cancel(id)).isTrue();
        accept.failure(OperationCancelledException.class);
        Recorder<Accepted> next = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, next);
        bench().connectTo(acceptor).send("x");
        assertThat(next.value().firstBlock().remaining()).isEqualTo(1);
    }

    /** Passes the first connection on; the end of the acceptor is nobody's affair here. */
    record First(Recorder<Accepted> to)
            implements java.nio.channels.CompletionHandler<Accepted, Object> {
        @Override
        public void completed(Accepted accepted, Object attachment) {
            to.completed(accepted, attachment);
        }

        @Override
        public void failed(Throwable cause, Object attachment) {
            // The test is over.
        }
    }
}
