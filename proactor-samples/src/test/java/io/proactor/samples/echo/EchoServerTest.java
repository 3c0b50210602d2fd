package io.proactor.samples.echo;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.samples.Mishaps;
import io.proactor.samples.Peer;
import io.proactor.samples.Setup;
import io.proactor.samples.cli.HandlerThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EchoServerTest {

    /** An echo server in this JVM. */
    private static final class Running implements AutoCloseable {
        private final Mishaps mishaps = new Mishaps();
        private final Proactor proactor;
        private final Acceptor acceptor;

        Running(Setup setup) throws IOException {
            this(setup, EchoLimits.idle(Duration.ZERO));
        }

        Running(Setup setup, EchoLimits limits) throws IOException {
            proactor = setup.open(mishaps);
            acceptor = proactor.listen(new InetSocketAddress("127.0.0.1", 0));
            EchoServer.serve(acceptor, limits);
        }

        int port() {
            return ((InetSocketAddress) acceptor.localAddress()).getPort();
        }

        @Override
        public void close() {
            proactor.close();
            mishaps.assertNone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whatIsSentComesBack(Setup setup) throws IOException {
        try (Running server = new Running(setup); Peer peer = Peer.connect(server.port())) {
            for (String text : List.of("a", "hello", "x".repeat(4096), "y".repeat(10_000))) {
                byte[] sent = text.getBytes(StandardCharsets.UTF_8);
                assertThat(peer.send(sent).read(sent.length)).isEqualTo(sent);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void manyBytesBothWaysAtOnceComeBackInOrder(Setup setup) throws Exception {
        byte[] sent = new byte[8 * 1024 * 1024];
        new Random(1).nextBytes(sent);
        try (Running server = new Running(setup); Peer peer = Peer.connect(server.port())) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> all(peer));
            peer.send(sent).finish();
            assertThat(received.get(30, SECONDS)).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whatWasSentBeforeTheEndIsAnsweredBeforeTheEnd(Setup setup) throws IOException {
        try (Running server = new Running(setup); Peer peer = Peer.connect(server.port())) {
            assertThat(peer.send("last words").finish().readAll()).asString()
                    .isEqualTo("last words");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void connectionsDoNotMixUpTheirBytes(Setup setup) throws IOException {
        List<Peer> peers = new ArrayList<>();
        try (Running server = new Running(setup)) {
            for (int i = 0; i < 100; i++) {
                peers.add(Peer.connect(server.port()));
            }
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < peers.size(); i++) {
                    peers.get(i).send("peer " + i + " round " + round + "\n");
                }
                for (int i = 0; i < peers.size(); i++) {
                    assertThat(peers.get(i).line()).isEqualTo("peer " + i + " round " + round);
                }
            }
            for (Peer peer : peers) {
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whoHangsUpDisturbsNobody(Setup setup) throws IOException {
        try (Running server = new Running(setup); Peer peer = Peer.connect(server.port())) {
            for (int i = 0; i < 20; i++) {
                Peer.connect(server.port()).send(new byte[100_000]).close();
                assertThat(peer.send("still here\n").line()).isEqualTo("still here");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void whoSaysNothingForTooLongIsClosed(String processor) throws IOException {
        EchoLimits limits = EchoLimits.idle(Duration.ofMillis(300));
        try (Running server = new Running(new Setup(processor, HandlerThreads.POOLED), limits);
                Peer silent = Peer.connect(server.port())) {
            silent.send("one\n");
            assertThat(silent.line()).isEqualTo("one");
            assertThat(silent.line()).as("the end").isNull();
        }
    }

    /** Otherwise as many peers as there are buffers would keep everybody else from being heard. */
    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void whoDoesNotReadGivesItsBufferBack(String processor) throws Exception {
        EchoLimits limits = new EchoLimits(Duration.ZERO, Duration.ofMillis(300));
        try (Running server = new Running(new Setup(processor, HandlerThreads.POOLED), limits);
                Peer deaf = Peer.connectNarrow(server.port())) {
            byte[] much = new byte[64 << 20];
            assertThatThrownBy(() -> deaf.send(much)).isInstanceOf(IOException.class);
            try (Peer other = Peer.connect(server.port())) {
                assertThat(other.send("still here\n").line()).isEqualTo("still here");
            }
        }
    }

    private static byte[] all(Peer peer) {
        try {
            return peer.readAll();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
