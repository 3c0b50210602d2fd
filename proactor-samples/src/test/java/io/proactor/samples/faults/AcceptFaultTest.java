package io.proactor.samples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A1 to A5: a listener whose accepts fail, or what follows them. */
final class AcceptFaultTest {

    @ParameterizedTest(name = "A1, A4 descriptors run out in a running server, and come back: {0}")
    @MethodSource("io.proactor.samples.Setup#processors")
    void descriptorsThatRunOutAreWaitedFor(String processor) throws Exception {
        try (Victim server = Victim.echo(processor)) {
            Peer old = server.connect();
            old.send("old\n").lineWith("old");
            String limit = server.allDescriptors() + 2 + ":";
            Tool.run("prlimit", "--pid", "" + server.pid(), "--nofile=" + limit);
            List<Peer> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Peer peer = server.connect();
                peer.send("x" + i + "\n");
                waiting.add(peer);
            }
            Duration before = server.cpu();
            long startNanos = System.nanoTime();
            long lastsNanos = TimeUnit.SECONDS.toNanos(3);
            while (System.nanoTime() - startNanos < lastsNanos) {
                old.send("still\n").lineWith("still");
                LockSupport.parkNanos(20_000_000);
            }
            Duration cpu = server.cpu().minus(before);
            Tool.run("prlimit", "--pid", "" + server.pid(), "--nofile=1024:");
            List<String> unserved = new ArrayList<>();
            for (int i = 0; i < waiting.size(); i++) {
                try {
                    waiting.get(i).lineWith("x" + i);
                } catch (IOException | AssertionError e) {
                    unserved.add(i + ": " + e);
                }
            }
            List<String> log = server.end();
            assertThat(unserved).as("%s", log).isEmpty();
            assertThat(cpu).as("CPU in 3 s without descriptors").isLessThan(Duration.ofMillis(900));
            assertThat(log).filteredOn(line -> line.contains("cannot accept"))
                    .hasSizeBetween(1, 7);
            assertThat(log).noneMatch(line -> line.contains("NoClassDefFoundError"));
        }
    }

    /** The calls of {@code uring} are the kernel's own, which strace does not reach. */
    static Stream<Arguments> failures() {
        return Stream.of("queue", "nio2").flatMap(processor -> Stream.of("ECONNABORTED", "EPROTO",
                "EINTR", "ENFILE", "ENOMEM", "ENOBUFS", "EMFILE")
                .map(error -> Arguments.of(processor, error)));
    }

    @ParameterizedTest(name = "A2, A3, A9 accepts fail now and then with {1}: {0}")
    @MethodSource("failures")
    void acceptsThatFailCostNoClient(String processor, String error) throws Exception {
        try (Victim server = Victim.echo(processor)) {
            Tool.inject(server.pid(), "accept,accept4", "error=" + error + ":when=1+3", () -> {
                for (int i = 0; i < 8; i++) {
                    server.serve("client " + i);
                }
            });
            assertThat(server.end()).noneMatch(line -> line.contains("ERROR"));
        }
    }

    static Stream<Arguments> adoptions() {
        return Stream.of("queue", "nio2").flatMap(processor -> Stream.of("setsockopt",
                "getsockname").map(call -> Arguments.of(processor, call)));
    }

    @ParameterizedTest(name = "A5 {1} fails on a connection that was accepted: {0}")
    @MethodSource("adoptions")
    void connectionThatCannotBeAdoptedIsClosed(String processor, String call) throws Exception {
        try (Victim server = Victim.echo(processor)) {
            AtomicInteger served = new AtomicInteger();
            Tool.inject(server.pid(), call, "error=ENOBUFS:when=2+3", () -> {
                for (int i = 0; i < 60; i++) {
                    served.addAndGet(server.servedOrClosed() ? 1 : 0);
                }
            });
            assertThat(served.get()).isPositive();
            server.end();
        }
    }
}
