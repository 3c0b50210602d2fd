package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.SocketClosedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T11: what the system refuses never ends a listener. */
interface AcceptFaultContract extends Contract {

    @Test
    @DisplayName("T11 5 accepts in a row fail with ECONNABORTED: the 6th client is served")
    default void abortedConnectionsArePassedOver() throws Exception {
        AtomicInteger failuresLeft = new AtomicInteger(5);
        bench().openWithFaults(new Faults() {
            @Override
            public IOException onAccept() {
                return failuresLeft.getAndDecrement() > 0
                        ? new IOException("Software caused connection abort") : null;
            }
        });
        Acceptor acceptor = echoing();
        Peer client = bench().connectTo(acceptor);
        client.send("?");
        assertThat(client.receive(1)).isEqualTo("?");
        assertThat(bench().listener().acceptFailures()).hasSizeLessThanOrEqualTo(5)
                .allMatch(failure -> failure.acceptor() == acceptor && failure.pause().isZero());
    }

    @Test
    @DisplayName("T11 EMFILE for 500 ms: at most 10 attempts, and clients are served 200 ms after "
            + "it")
    default void shortageOfDescriptorsIsWaitedOutWithPauses() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        AtomicLong overNanos = new AtomicLong();  // 500 ms after the first attempt
        bench().openWithFaults(new Faults() {
            @Override
            public IOException onAccept() {
                overNanos.compareAndSet(0, System.nanoTime() + 500_000_000);
                if (System.nanoTime() - overNanos.get() >= 0) {
                    return null;
                }
                attempts.incrementAndGet();
                return new IOException("Too many open files");
            }
        });
        Acceptor acceptor = echoing();
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Peer client = bench().connectTo(acceptor);
            client.send("?");
            answers.add(bench().start(() -> client.receive(1)));
        }
        Until.until("the shortage is over", () -> overNanos.get() != 0
                && System.nanoTime() - overNanos.get() >= 0);
        assertThat(Until.within(1_000, () -> answers.stream().allMatch(Future::isDone)))
                .as("all are served then").isTrue();
        for (Future<String> answer : answers) {
            assertThat(answer.get()).isEqualTo("?");
        }
        assertThat(attempts.get()).isBetween(1, 10);
        assertThat(bench().listener().acceptFailures()).isNotEmpty()
                .allMatch(failure -> !failure.pause().isZero());
    }

    /**
     * What a loop does while its listener pauses must be its other connections, and nothing else.
     */
    @Test
    @DisplayName("T11 the connections of a listener that cannot accept go on")
    default void connectionsGoOnWhileTheListenerPauses() throws Exception {
        AtomicBoolean shortage = new AtomicBoolean();
        AtomicInteger attempts = new AtomicInteger();
        bench().openWithFaults(new Faults() {
            @Override
            public IOException onAccept() {
                if (!shortage.get()) {
                    return null;
                }
                attempts.incrementAndGet();
                return new IOException("Too many open files");
            }
        });
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Pair pair = bench().accepted(acceptor);
        shortage.set(true);
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, accept);
        Peer client = bench().connectTo(acceptor);
        long startNanos = System.nanoTime();
        while (System.nanoTime() - startNanos < 300_000_000) {
            pair.roundTrips();
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(accept.called()).isFalse();
        assertThat(attempts.get()).isLessThanOrEqualTo(10);
        shortage.set(false);
        assertThat(accept.value().remoteAddress()).isEqualTo(client.localAddress());
        pair.roundTrips();
    }

    @Test
    @DisplayName("T11 an acceptor that pauses can be closed, and its accepts end at once")
    default void pausingAcceptorCanBeClosed() throws Exception {
        bench().openWithFaults(new Faults() {
            @Override
            public IOException onAccept() {
                return new IOException("Too many open files");
            }
        });
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Recorder<Accepted> accept = bench().recorder();
        acceptor.accept(null, accept);
        Peer client = bench().connectTo(acceptor);
        Until.until("a failure is reported", () -> !bench().listener().acceptFailures().isEmpty());
        acceptor.close();
        accept.failure(SocketClosedException.class);
        client.assertGone();
    }

    private Acceptor echoing() throws IOException {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        acceptor.acceptAll(accepted -> Keep.echoOnce(accepted.socket(), bench()));
        return acceptor;
    }
}
