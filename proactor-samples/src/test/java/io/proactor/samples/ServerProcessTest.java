package io.proactor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The servers as programs: from the ready line to the exit code. */
final class ServerProcessTest {

    private static final String REPORT =
            "shut down in \\d+ ms: \\d+ operations were finished, 0 were cut";

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void aServerThatIsToldToStopDrainsAndEndsWith0(Setup setup) throws Exception {
        try (Child server = Child.startWithoutInput(Child.arguments(setup.arguments(),
                "echo-server", "--port", "0"));
                Peer peer = Peer.connect(server.port())) {
            assertThat(peer.send("hello\n").line()).isEqualTo("hello");
            server.terminate();
            assertThat(peer.line()).isNull();
            assertThat(server.exitCode()).isZero();
            assertThat(server.output()).singleElement().asString().matches(REPORT);
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void theLastAnswersGoOutAfterTheSignal(String processor) throws Exception {
        byte[] sent = new byte[16 * 1024 * 1024];
        try (Child server = Child.startWithoutInput(
                List.of("echo-server", "--port", "0", "--processor", processor));
                Peer peer = Peer.connect(server.port())) {
            Thread sender = sender(() -> peer.send(sent));
            assertThat(peer.read(1)).hasSize(1);
            server.terminate();
            // Whatever is echoed before the end has to come out; what is not read by the server is
            // not answered, and the connection may then be reset.
            drain(peer);
            sender.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(server.exitCode()).isZero();
            assertThat(server.output()).singleElement().asString().matches(REPORT);
        }
    }

    /** Takes the ten seconds of grace. */
    @Test
    void aPeerThatDoesNotReadIsCutAfterTheGrace() throws Exception {
        byte[] kibibyte = new byte[1024];
        try (Child server = Child.startWithoutInput(
                List.of("echo-server", "--port", "0", "--processor", "queue"));
                Peer peer = Peer.connect(server.port())) {
            AtomicInteger taken = new AtomicInteger();
            Thread sender = sender(() -> {
                for (int i = 0; i < 64 * 1024; i++) {
                    peer.send(kibibyte);
                    taken.incrementAndGet();
                }
            });
            assertThat(peer.read(1)).hasSize(1);
            awaitStandstill(taken);  // the server has more to write than the system takes
            assertThat(sender.isAlive()).isTrue();
            server.terminate();
            assertThat(server.exitCode()).isZero();
            assertThat(server.output()).singleElement().asString()
                    .matches("shut down in 1\\d\\d\\d\\d ms: \\d+ operations were finished,"
                            + " 1 were cut");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo-server", "chat-server"})
    void whoIsConnectedInBurstsIsServedWithinTheLimit(String server) throws Exception {
        try (Child child = Child.startWithoutInput(
                List.of(server, "--port", "0", "--max-connections", "2"))) {
            int port = child.port();
            for (int i = 0; i < 10; i++) {
                try (Peer first = Peer.connect(port); Peer second = Peer.connect(port)) {
                    first.send("one\n").lineWith("one");
                    second.send("two\n").lineWith("two");
                }
            }
            child.terminate();
            assertThat(child.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void theOperatorTypesWhileTheServerServes(String processor) throws Exception {
        try (Child server = Child.start(
                List.of("chat-server", "--port", "0", "--processor", processor));
                Peer peer = Peer.connect(server.port())) {
            peer.lineWith("joined lobby");
            server.type("/who\n");
            assertThat(server.line()).isEqualTo("lobby (1): guest1");
            server.type("/say hello\n/stats\n\n");
            assertThat(peer.line()).isEqualTo("* The operator says: hello");
            assertThat(server.line()).isEqualTo("Told 1.");
            assertThat(server.line()).startsWith("clients: 1, rooms: 1");
            assertThat(server.line()).startsWith("Proactor[" + processor);
            peer.send("talk\n").lineWith("talk");
            server.type("/kick guest1\n");
            peer.lineWith("operator");
            assertThat(peer.line()).isNull();
            server.type("/shutdown\n");
            assertThat(server.exitCode()).isZero();
            assertThat(server.output()).last().asString().matches(REPORT);
        }
    }

    @Test
    void withoutAnOperatorTheServerGoesOn() throws Exception {
        try (Child server = Child.start(List.of("chat-server", "--port", "0"))) {
            int port = server.port();
            server.endInput();
            try (Peer peer = Peer.connect(port)) {
                peer.send("hello\n").lineWith("guest1: hello");
                server.terminate();
                peer.lineWith("shutting down");
                assertThat(peer.line()).isNull();
            }
            assertThat(server.exitCode()).isZero();
            assertThat(server.output()).singleElement().asString().matches(REPORT);
        }
    }

    /** Waits until a number has been the same for 500 looks, a millisecond or more apart. */
    private static void awaitStandstill(AtomicInteger number) {
        int last = -1;
        for (int looks = 0; looks < 500; looks++) {
            if (number.get() != last) {
                last = number.get();
                looks = 0;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What a sender does. */
    private interface Sending {
        void run() throws IOException;
    }

    private static Thread sender(Sending sending) {
        Thread thread = new Thread(() -> {
            try {
                sending.run();
            } catch (IOException e) {
                // The server has hung up, as it should.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void drain(Peer peer) {
        try {
            peer.readAll();
        } catch (IOException e) {
            // As above.
        }
    }
}
