package io.proactor.samples.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.samples.Mishaps;
import io.proactor.samples.Peer;
import io.proactor.samples.Setup;
import io.proactor.samples.cli.HostAndPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProxyServerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** A proxy in this JVM, and the server that it passes connections on to. */
    private static final class Running implements AutoCloseable {
        private final Mishaps mishaps = new Mishaps();
        private final ServerSocket server =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Proactor proactor;
        private final Acceptor acceptor;

        Running(Setup setup, Duration idle) throws IOException {
            server.setSoTimeout((int) LONG.toMillis());
            proactor = setup.open(mishaps);
            acceptor = proactor.listen(new InetSocketAddress("127.0.0.1", 0));
            new ProxyServer(proactor, new HostAndPort("localhost", server.getLocalPort()),
                    new ProxyLimits(LONG, idle)).serve(acceptor);
        }

        Peer connect() throws IOException {
            return Peer.connect(((InetSocketAddress) acceptor.localAddress()).getPort());
        }

        Socket accept() throws IOException {
            Socket accepted = server.accept();
            accepted.setSoTimeout((int) LONG.toMillis());
            return accepted;
        }

        /** Waits until the proxy holds nothing any more. */
        void awaitNone() {
            while (acceptor.connections() > 0 || proactor.statistics().outstanding()
                    > acceptor.acceptsOutstanding()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            proactor.close();
            mishaps.assertNone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void manyBytesBothWaysAtOnceComeThrough(Setup setup) throws Exception {
        byte[] there = random(16 << 20, 1);
        byte[] back = random(16 << 20, 2);
        try (Running proxy = new Running(setup, LONG); Peer client = proxy.connect();
                Socket server = proxy.accept()) {
            CompletableFuture<byte[]> received = supply(client::readAll);
            CompletableFuture<byte[]> arrived =
                    supply(() -> server.getInputStream().readAllBytes());
            CompletableFuture<Boolean> sent = supply(() -> {
                server.getOutputStream().write(back);
                server.shutdownOutput();
                return true;
            });
            client.send(there).finish();
            assertThat(arrived.get(30, SECONDS)).isEqualTo(there);
            assertThat(received.get(30, SECONDS)).isEqualTo(back);
            assertThat(sent.get(30, SECONDS)).isTrue();
            proxy.awaitNone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void theEndOfOneStreamIsPassedOnAndTheOtherGoesOn(Setup setup) throws Exception {
        try (Running proxy = new Running(setup, LONG); Peer client = proxy.connect();
                Socket server = proxy.accept()) {
            client.send("question").finish();
            assertThat(server.getInputStream().readAllBytes()).asString().isEqualTo("question");
            server.getOutputStream().write("answer\n".getBytes());
            assertThat(client.line()).isEqualTo("answer");
            server.shutdownOutput();
            assertThat(client.line()).isNull();
            proxy.awaitNone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whoIsGoneTakesTheOtherEndWithHim(Setup setup) throws Exception {
        try (Running proxy = new Running(setup, LONG)) {
            for (int i = 0; i < 10; i++) {
                try (Peer client = proxy.connect(); Socket server = proxy.accept()) {
                    client.send("hello\n");
                    assertThat(server.getInputStream().readNBytes(6)).hasSize(6);
                    reset(server);
                    assertThat(client.line()).isNull();
                }
            }
            proxy.awaitNone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whereNoServerIsTheClientIsHungUpOn(Setup setup) throws Exception {
        try (Running proxy = new Running(setup, LONG)) {
            proxy.server.close();
            for (int i = 0; i < 10; i++) {
                try (Peer client = proxy.connect()) {
                    assertThat(client.line()).isNull();
                }
            }
            proxy.awaitNone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void aConnectionThatIsSilentForTooLongIsClosed(String processor) throws Exception {
        Setup setup = Setup.all().filter(each -> each.processor().equals(processor)).findFirst()
                .orElseThrow();
        try (Running proxy = new Running(setup, Duration.ofMillis(300));
                Peer client = proxy.connect(); Socket server = proxy.accept()) {
            client.send("hello\n");
            assertThat(server.getInputStream().readNBytes(6)).hasSize(6);
            assertThat(client.line()).isNull();
            assertThat(server.getInputStream().read()).isEqualTo(-1);
            proxy.awaitNone();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void connectionsDoNotMixUpTheirBytes(Setup setup) throws Exception {
        List<AutoCloseable> all = new ArrayList<>();
        try (Running proxy = new Running(setup, LONG)) {
            for (int i = 0; i < 50; i++) {
                Peer client = proxy.connect();
                Socket server = proxy.accept();
                all.addAll(List.of(client, server));
                String line = "connection " + i + "\n";
                client.send(line);
                byte[] came = server.getInputStream().readNBytes(line.length());
                server.getOutputStream().write(came);
                assertThat(client.line()).isEqualTo("connection " + i);
            }
            for (AutoCloseable each : all) {
                each.close();
            }
            proxy.awaitNone();
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** What a thread of the test's own does. */
    private interface Task<T> {
        T run() throws IOException;
    }

    private static <T> CompletableFuture<T> supply(Task<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(task.run());
            } catch (IOException e) {
                future.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    private static byte[] random(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
