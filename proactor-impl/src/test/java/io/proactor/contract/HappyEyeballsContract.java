package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.ComposedOperation;
import io.proactor.Connector;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import io.proactor.Resolver;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Connecting to the name of a host: RFC 8305. */
interface HappyEyeballsContract extends Contract {

    @Test
    @DisplayName("A host is found by the system's resolver and connected")
    default void hostIsFoundAndConnected() throws Exception {
        Host host = new Host(bench());
        Recorder<StreamSocket> connect = bench().recorder();
        ComposedOperation connecting = bench().proactor().connector()
                .connect("localhost", host.port(), "attached", connect);
        assertConnected(host, connect);
        assertThat(connect.attachment()).isEqualTo("attached");
        assertThat(connecting.cancel()).isFalse();
    }

    @Test
    @DisplayName("Addresses that refuse are stepped over at once, not after the delay")
    default void refusingAddressesAreSteppedOverAtOnce() throws Exception {
        Host host = new Host(bench());
        List<InetAddress> addresses = Host.refusing(20);
        addresses.add(Host.listens());
        Recorder<StreamSocket> connect = bench().recorder();
        connector(name -> addresses).connect("host", host.port(), null, connect);
        connect.within(4_000);  // 20 delays of 250 ms would be 5 seconds
        assertConnected(host, connect);
    }

    @Test
    @DisplayName("A silent address is joined by the next one after 250 ms, and then closed")
    default void silentAddressIsOvertaken() throws Exception {
        Host host = new Host(bench());
        host.silence();
        Recorder<StreamSocket> connect = bench().recorder();
        long startNanos = System.nanoTime();
        connector(name -> Host.addresses(Host.silent(), Host.listens()))
                .connect("host", host.port(), null, connect);
        connect.within(2_500);
        assertConnected(host, connect);
        assertThat(connect.millisSince(startNanos)).isGreaterThanOrEqualTo(250);
        Until.until("the silent attempt is given up",
                () -> bench().proactor().statistics().outstanding() == 0);
    }

    @Test
    @DisplayName("If no address can be connected, the failure tells of each attempt")
    default void failureTellsOfEachAttempt() throws Exception {
        List<InetAddress> addresses = Host.refusing(3);
        Recorder<StreamSocket> connect = bench().recorder();
        connector(name -> addresses).connect("host", new Host(bench()).port(), null, connect);
        ConnectException failure = connect.failure(ConnectException.class);
        assertThat(failure.getSuppressed()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(failure.getSuppressed()[i])
                    .hasMessageContaining(addresses.get(i).getHostAddress())
                    .hasCauseInstanceOf(ConnectException.class);
        }
    }

    @Test
    @DisplayName("T26 the timeout is for all attempts together")
    default void timeoutIsForAllAttempts() throws Exception {
        Host host = new Host(bench());
        host.silence();
        List<InetAddress> addresses = Host.refusing(1);
        addresses.add(Host.silent());
        addresses.add(Host.silent());
        Recorder<StreamSocket> connect = bench().recorder();
        long startNanos = System.nanoTime();
        connector(name -> addresses).connect("host", host.port(), 400, TimeUnit.MILLISECONDS, null,
                connect);
        connect.within(3_000);
        OperationTimedOutException late = connect.failure(OperationTimedOutException.class);
        assertThat(connect.millisSince(startNanos)).isGreaterThanOrEqualTo(400);
        assertThat(late.getSuppressed()).as("the one that was refused").hasSize(1);
        Until.until("the silent attempts are given up",
                () -> bench().proactor().statistics().outstanding() == 0);
    }

    @Test
    @DisplayName("Timeout and cancel end the wait for a resolver that does not answer")
    default void silentResolverIsNotWaitedFor() throws Exception {
        CountDownLatch answer = bench().gate();
        AtomicInteger asked = new AtomicInteger();
        Connector connector = connector(name -> {
            asked.incrementAndGet();
            Bench.pass(answer);
            return Host.refusing(1);
        });
        Recorder<StreamSocket> late = bench().recorder();
        connector.connect("host", 1, 100, TimeUnit.MILLISECONDS, null, late);
        late.failure(OperationTimedOutException.class);
        Recorder<StreamSocket> cancelled = bench().recorder();
        ComposedOperation pending = connector.connect("host", 1, null, cancelled);
        Until.until("the resolver is asked twice", () -> asked.get() == 2);
        assertThat(pending.cancel()).isTrue();
        assertThat(pending.cancel()).isFalse();
        cancelled.failure(OperationCancelledException.class);
        answer.countDown();
    }

    @Test
    @DisplayName("T24 a cancel ends all attempts, and the handler is told once")
    default void cancelEndsAllAttempts() throws Exception {
        Host host = new Host(bench());
        host.silence();
        Recorder<StreamSocket> connect = bench().recorder();
        ComposedOperation pending =
                connector(name -> Host.addresses(Host.silent(), Host.silent(), Host.silent()))
                        .connect("host", host.port(), null, connect);
        Until.until("two attempts and a timer are outstanding",
                () -> bench().proactor().statistics().outstanding() == 3);
        assertThat(connect.called()).isFalse();
        assertThat(pending.cancel()).isTrue();
        connect.failure(OperationCancelledException.class);
        Until.until("nothing is left of it",
                () -> bench().proactor().statistics().outstanding() == 0);
    }

    @Test
    @DisplayName("If a host has one address, what became of that is the message")
    default void failureOfTheOnlyAddressIsTheMessage() throws Exception {
        Recorder<StreamSocket> refused = bench().recorder();
        connector(name -> Host.refusing(1)).connect("host", Bench.closedPort().getPort(), null,
                refused);
        assertThat(refused.failure(ConnectException.class))
                .hasMessageStartingWith("Cannot connect to ")
                .hasMessageContaining("Connection refused");
    }

    @Test
    @DisplayName("What the resolver throws is the failure; no address at all is one too")
    default void failureOfTheResolverIsTold() throws Exception {
        Recorder<StreamSocket> unknown = bench().recorder();
        connector(name -> {
            throw new UnknownHostException(name);
        }).connect("nowhere", 1, null, unknown);
        assertThat(unknown.failure(UnknownHostException.class)).hasMessage("nowhere");
        Recorder<StreamSocket> empty = bench().recorder();
        connector(name -> List.of()).connect("nowhere", 1, null, empty);
        empty.failure(UnknownHostException.class);
        Recorder<StreamSocket> broken = bench().recorder();
        connector(name -> {
            throw new IllegalStateException("broken");
        }).connect("nowhere", 1, null, broken);
        broken.failure(IllegalStateException.class);
        Recorder<StreamSocket> nothing = bench().recorder();
        connector(name -> Host.addresses((InetAddress) null)).connect("x", 1, null, nothing);
        nothing.failure(NullPointerException.class);
    }

    @Test
    @DisplayName("T03 handlers run on the dispatcher's threads, never on a resolver's")
    default void resolverThreadsRunNoHandler() throws Exception {
        Host host = new Host(bench());
        Thread[] resolver = new Thread[1];
        Recorder<StreamSocket> connect = bench().recorder();
        connector(name -> {
            resolver[0] = Thread.currentThread();
            return Host.addresses(Host.listens());
        }).connect("host", host.port(), null, connect);
        assertConnected(host, connect);
        assertThat(connect.thread()).isNotSameAs(resolver[0]);
        assertThat(resolver[0].getName()).matches("proactor-\\d+-resolver-\\d+");
        Recorder<StreamSocket> failed = bench().recorder();
        connector(name -> {
            resolver[0] = Thread.currentThread();
            throw new UnknownHostException(name);
        }).connect("host", host.port(), null, failed);
        failed.failure(UnknownHostException.class);
        assertThat(failed.thread()).isNotSameAs(resolver[0]);
    }

    @Test
    @DisplayName("A resolver is asked 8 at a time; the others wait their turn and are served")
    default void lookupsAreBounded() throws Exception {
        Host host = new Host(bench());
        CountDownLatch answer = bench().gate();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Connector connector = connector(name -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Bench.pass(answer);
            running.decrementAndGet();
            return Host.addresses(Host.listens());
        });
        List<Recorder<StreamSocket>> connects = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Recorder<StreamSocket> connect = bench().recorder();
            connector.connect("host", host.port(), null, connect);
            connects.add(connect);
        }
        Until.until("8 are asked", () -> running.get() == 8);
        answer.countDown();
        for (Recorder<StreamSocket> connect : connects) {
            assertConnected(host, connect);
        }
        assertThat(most).hasValue(8);
    }

    @Test
    @DisplayName("T30 a shutdown ends a connect that waits for the resolver, once")
    default void shutdownEndsTheConnect() throws Exception {
        CountDownLatch answer = bench().gate();
        Recorder<StreamSocket> connect = bench().recorder();
        connector(name -> {
            Bench.pass(answer);
            return Host.refusing(1);
        }).connect("host", 1, null, connect);
        bench().proactor().shutdownNow();
        connect.failure(ProactorShutdownException.class);
        answer.countDown();
    }

    @Test
    @DisplayName("Cancels that race the success: one outcome each, and no socket is left open")
    default void cancelsThatRaceSuccessLeaveNothing() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seed.of("cancelsThatRaceSuccessLeaveNothing"));
        Host host = new Host(bench());
        List<InetAddress> addresses = Host.refusing(2);
        addresses.add(Host.listens());
        Connector connector = connector(name -> addresses);
        for (int round = 0; round < 200; round++) {
            Recorder<StreamSocket> connect =
                    bench().recorder(call -> call.ifCompleted(StreamSocket::close));
            ComposedOperation pending = connector.connect("host", host.port(), null, connect);
            LockSupport.parkNanos(random.nextInt(2_000_000));
            boolean cancelled = pending.cancel();
            if (connect.cause() != null) {
                assertThat(cancelled).isTrue();
                connect.failure(OperationCancelledException.class);
            }
        }
    }

    @Test
    @DisplayName("Ports that there are not are refused, as misuse")
    default void misuseOfHostConnectIsRefused() throws Exception {
        for (int port : new int[] {-1, 0, 65_536}) {
            assertThatThrownBy(() -> bench().proactor().connector()
                    .connect("localhost", port, null, bench().recorder()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private Connector connector(Resolver resolver) throws IOException {
        return bench().proactor().connector().withResolver(resolver);
    }

    private void assertConnected(Host host, Recorder<StreamSocket> connect) throws Exception {
        StreamSocket socket = bench().keep(connect.value());
        assertThat(socket.remoteAddress())
                .isEqualTo(new InetSocketAddress(Host.listens(), host.port()));
        Pair pair = new Pair(bench(), socket, host.accept());
        if (pair.peer().remoteAddress().equals(socket.localAddress())) {
            pair.roundTrips();
        }
    }
}
