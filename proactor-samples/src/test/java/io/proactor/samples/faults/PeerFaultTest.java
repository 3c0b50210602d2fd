package io.proactor.samples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import io.proactor.samples.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** E1, E3, E5, E12: what clients do, or what is done to them. */
final class PeerFaultTest {

    /** Between two lines: the chat takes 20 in a second of each client. */
    private static final long TALK_NANOS = 60_000_000;

    @ParameterizedTest(name = "E1 20,000 clients connect and reset: {0}")
    @MethodSource("io.proactor.samples.Setup#processors")
    void floodOfResetsLeavesNothing(String processor) throws Exception {
        try (Victim server = Victim.echo(processor)) {
            for (int i = 0; i < 20_000; i++) {
                try (Socket socket = new Socket()) {
                    socket.setSoLinger(true, 0);
                    socket.connect(new InetSocketAddress("127.0.0.1", server.port()), 20_000);
                }
            }
            server.awaitDescriptors();
            Duration before = server.cpu();
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            for (long left = 1; left > 0; left = endNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            assertThat(server.cpu().minus(before)).as("CPU in 2 s with nothing to do")
                    .isLessThan(Duration.ofMillis(500));
            assertThat(server.end()).as("lines of log").hasSizeLessThan(10);
        }
    }

    @ParameterizedTest(name = "E3 a client ends its side at once and is answered to the end: {0}")
    @MethodSource("io.proactor.samples.Setup#processors")
    void halfClosedClientIsAnsweredToTheEnd(String processor) throws Exception {
        try (Victim server = Victim.echo(processor)) {
            byte[] bytes = new byte[4 << 20];
            new java.util.SplittableRandom(3).nextBytes(bytes);
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.setSoTimeout(20_000);
                Thread sender = new Thread(() -> {
                    try {
                        socket.getOutputStream().write(bytes);
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        // Then not everything comes back, which is seen below.
                    }
                });
                sender.start();
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
                sender.join();
            }
            server.end();
        }
    }

    @ParameterizedTest(name = "E12 the system takes connections away (ss -K): {0}")
    @MethodSource("io.proactor.samples.Setup#processors")
    void connectionsThatAreTakenAwayAreForgotten(String processor) throws Exception {
        try (Victim server = Victim.echo(processor)) {
            for (int i = 0; i < 20; i++) {
                server.connect().send("x\n").lineWith("x");
            }
            Tool.run("ss", "-K", "-t", "state", "established",
                    "( sport = :" + server.port() + " )");
            server.awaitDescriptors();
            server.end();
        }
    }

    @ParameterizedTest(name = "E5 a client of the chat is stopped, and does not read: {0}")
    @MethodSource("io.proactor.samples.Setup#processors")
    void stoppedClientIsCutAndOthersHearOn(String processor) throws Exception {
        String line = "x".repeat(3_900) + "\n";
        try (Child server = Child.start(List.of("chat-server", "--port", "0", "--slow-reader-cap",
                "16384", "--processor", processor))) {
            String port = String.valueOf(server.port());
            try (Child stopped = Child.start(List.of("chat-client", "--port", port));
                    Peer talker = Peer.connect(Integer.parseInt(port))) {
                talker.lineWith("joined lobby");
                Victim.until("both are there", () -> who(server).contains("(2)"));
                Tool.run("kill", "-STOP", "" + stopped.handle().pid());
                Victim.until("the stopped one was cut", () -> {
                    LockSupport.parkNanos(TALK_NANOS);
                    talker.send(line).lineWith("xxx");
                    return stats(server).contains("slow readers cut: 1");
                });
                talker.send("still here\n").lineWith("still here");
                Tool.run("kill", "-CONT", "" + stopped.handle().pid());
            }
            server.type("/shutdown\n");
            assertThat(server.exitCode()).isZero();
        }
    }

    private static String who(Child server) throws Exception {
        server.type("/who\n");
        return server.line();
    }

    /** Two lines, of which the first is the server's own. */
    private static String stats(Child server) throws Exception {
        server.type("/stats\n");
        String own = server.line();
        server.line();
        return own;
    }
}
