package io.proactor.samples.soak;

import io.proactor.samples.load.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Very many connections that say nothing. */
@Command(name = "idle", mixinStandardHelpOptions = true,
        header = "Very many connections that say nothing.",
        description = "Each says something, then all are silent, then each says something again."
                + " They must cost little memory, next to no time, and no descriptor afterwards."
                + " Server and client need a descriptor for each (ulimit -n).")
final class SoakIdle implements Callable<Integer> {

    /** Before the first look: classes are loaded, and pools have what they keep. */
    private static final int WARM_UP = 200;

    /** What an idle connection may cost in memory, all told, in bytes. */
    private static final long BYTES_EACH_MAX = 8 * 1024;

    private static final long RESIDENT_MIB_MAX = 600;

    /** Of one core, in percent. */
    private static final double CPU_PERCENT_MAX = 2;

    private static final int END_SECONDS = 10;

    /** Compilers and collectors of the JVM go on for a while after the last connection. */
    private static final long SETTLE_NANOS = 3_000_000_000L;

    @Mixin
    private final SoakServer choice = new SoakServer();

    @Option(names = "--connections", paramLabel = "N",
            description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections = 15_000;

    @Option(names = "--seconds", paramLabel = "N",
            description = "How long they say nothing (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SoakServer.between("--connections", connections, 1, 60_000);
        SoakServer.between("--seconds", seconds, 1, 3_600);
        Verdict verdict = new Verdict(System.out);
        List<EchoPeer> peers = new ArrayList<>();
        try (ServerProcess server = choice.start("echo-server")) {
            connect(server.port(), WARM_UP, peers);
            server.liveHeapBytes();  // which also brings the descriptor that answers jcmd
            long descriptors = server.descriptors() - WARM_UP;
            long resident = server.residentBytes();
            connect(server.port(), connections, peers);
            verdict.exactly("descriptors with all connections", server.descriptors(),
                    descriptors + WARM_UP + connections);
            server.liveHeapBytes();
            verdict.atMost("bytes of memory for each connection",
                    (double) (server.residentBytes() - resident) / connections, BYTES_EACH_MAX);
            verdict.atMost("MiB of memory in all", (double) (server.residentBytes() >> 20),
                    RESIDENT_MIB_MAX);
            Patience.until(System.nanoTime() + SETTLE_NANOS);
            verdict.atMost("percent of a core while nobody says anything", percentOfACore(server),
                    CPU_PERCENT_MAX);
            echo(peers);
            verdict.exactly("connections that answer afterwards", peers.size(),
                    connections + WARM_UP);
            for (EchoPeer each : peers) {
                each.close();
            }
            verdict.atMost("descriptors when all have gone",
                    Patience.until(server::descriptors, descriptors, END_SECONDS), descriptors);
            verdict.told("threads", server.threads());
            verdict.exactly("exit code after SIGTERM", server.end(), 0);
            return verdict.exitCode();
        } finally {
            for (EchoPeer each : peers) {
                each.close();
            }
        }
    }

    private double percentOfACore(ServerProcess server) {
        Duration before = server.cpu();
        long startNanos = System.nanoTime();
        Patience.until(startNanos + TimeUnit.SECONDS.toNanos(seconds));
        return 100.0 * server.cpu().minus(before).toNanos() / (System.nanoTime() - startNanos);
    }

    private static void connect(int port, int count, List<EchoPeer> peers) throws IOException {
        for (int i = 0; i < count; i++) {
            EchoPeer peer = EchoPeer.connect(port, peers.size());
            peers.add(peer);
            peer.echo(peers.size());
        }
    }

    /** Throws if one does not answer, or wrongly. */
    private static void echo(List<EchoPeer> peers) throws IOException {
        for (int i = 0; i < peers.size(); i++) {
            peers.get(i).echo(-i);
        }
    }
}
