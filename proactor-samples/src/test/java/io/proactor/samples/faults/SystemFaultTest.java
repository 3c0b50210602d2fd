package io.proactor.samples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import io.proactor.samples.Peer;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C1, D1, D3: what waits for events is refused, fails, or wakes late. */
final class SystemFaultTest {

    @ParameterizedTest(name = "D3 the wait for events fails once, with {0}: queue")
    @ValueSource(strings = {"EBADF", "ENOMEM", "EINVAL"})
    void selectorThatFailsIsMadeAnew(String error) throws Exception {
        try (Victim server = Victim.echo("queue")) {
            Peer old = server.connect();
            old.send("old\n").lineWith("old");
            Tool.inject(server.pid(), "epoll_wait", "error=" + error + ":when=2", () -> {
                for (int i = 0; i < 20; i++) {
                    server.serve("client " + i);
                    old.send("still\n").lineWith("still");
                }
            });
            assertThat(server.end()).anyMatch(line -> line.contains("processor failed"));
        }
    }

    /** The JDK lets each thread of its group end that meets this; then nobody serves any more. */
    @Test
    void groupThatDiesIsToldAndLeavesNobodyWaiting() throws Exception {
        try (Victim server = Victim.echo("nio2")) {
            Peer old = server.connect();
            old.send("old\n").lineWith("old");
            Tool.inject(server.pid(), "epoll_wait", "error=EBADF:when=1+1",
                    () -> assertGone(old));
            server.child().terminate();
            assertThat(server.child().exitCode()).isZero();
            assertThat(server.child().errors())
                    .anyMatch(line -> line.contains("do not answer any more"));
        }
    }

    /** Asks until the connection is over. An answer that never comes is a timeout, and no end. */
    private static void assertGone(Peer peer) throws SocketTimeoutException {
        try {
            String line = peer.send("?\n").line();
            while (line != null) {
                line = peer.send("?\n").line();
            }
        } catch (SocketTimeoutException hung) {
            throw hung;
        } catch (IOException reset) {
            assertThat(reset).isInstanceOf(SocketException.class);
        }
    }

    @ParameterizedTest(name = "D1 20,000 round trips on one core, each of which wakes a loop: {0}")
    @MethodSource("io.proactor.samples.Setup#processors")
    void noWakeUpIsLostOnOneCore(String processor) throws Exception {
        Tool.run("taskset", "-c", "0", "true");
        try (Victim server = Victim.of(Child.startBy(List.of("taskset", "-c", "0"),
                List.of("echo-server", "--port", "0", "--loops", "2", "--processor",
                        processor)))) {
            Peer peer = server.connect();
            for (int i = 0; i < 20_000; i++) {
                peer.send("x\n").lineWith("x");
            }
            server.end();
        }
    }

    @ParameterizedTest(name = "C1 io_uring_setup fails with {0}: another processor serves")
    @CsvSource({"EPERM", "ENOSYS", "ENOMEM", "EMFILE"})
    void refusedRingFallsBack(String error) throws Exception {
        Tool.run("strace", "-o", "/dev/null", "true");
        try (Child server = Child.startBy(List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e",
                "trace=io_uring_setup", "-e", "inject=io_uring_setup:error=" + error),
                List.of("echo-server", "--port", "0"));
                Peer peer = Peer.connect(server.port())) {
            peer.send("hello\n").lineWith("hello");
            server.handle().children().forEach(ProcessHandle::destroy);
            assertThat(server.exitCode()).isZero();
            assertThat(server.errors()).filteredOn(line -> line.contains("processor="))
                    .singleElement().asString().contains("processor=queue");
        }
    }
}
