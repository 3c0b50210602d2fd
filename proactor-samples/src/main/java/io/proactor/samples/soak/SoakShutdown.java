package io.proactor.samples.soak;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.echo.EchoServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proactors that are ended in the midst of their work, one after the other. */
@Command(name = "shutdown", mixinStandardHelpOptions = true,
        header = "Proactors that are ended in the midst of their work, one after the other.",
        description = "Each has an echo server with clients that talk without a pause. Every"
                + " second one is aborted, the others are given half a second. No operation, no"
                + " thread and no descriptor may be left. In the JVM of the command itself.")
final class SoakShutdown implements Callable<Integer> {

    private static final int TALKERS = 4;
    private static final int END_MILLIS_MAX = 2_000;
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Mixin
    private final SoakServer choice = new SoakServer();

    @Option(names = "--rounds", paramLabel = "N",
            description = "Proactors (default: ${DEFAULT-VALUE}).")
    private int rounds = 50;

    @Option(names = "--connections", paramLabel = "N",
            description = "Connections of each that say nothing (default: ${DEFAULT-VALUE}).")
    private int connections = 100;

    private long longestMillis;
    private long outstanding;
    private long unbalanced;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SoakServer.requireProc();
        SoakServer.between("--rounds", rounds, 1, 100_000);
        SoakServer.between("--connections", connections, 0, 5_000);
        Verdict verdict = new Verdict(System.out);
        round(0);  // brings what a JVM keeps
        long descriptors = Patience.until(SoakShutdown::sockets, 0, 2);
        for (int i = 1; i <= rounds; i++) {
            round(i);
        }
        verdict.told("proactors", rounds);
        verdict.atMost("milliseconds to the end, the longest", longestMillis, END_MILLIS_MAX);
        verdict.exactly("operations whose handler was not called", outstanding, 0);
        verdict.exactly("proactors whose counters do not balance", unbalanced, 0);
        verdict.exactly("threads that are left", Patience.until(SoakShutdown::threads, 0, 5), 0);
        verdict.atMost("descriptors of sockets and the like that are left",
                Patience.until(SoakShutdown::sockets, descriptors, 5), descriptors);
        return verdict.exitCode();
    }

    private void round(int number) throws IOException, InterruptedException {
        ProactorOptions options = ProactorOptions.defaults().withProcessor(choice.processor())
                .withLoops(choice.loops());
        List<EchoPeer> peers = new ArrayList<>();
        List<Thread> talkers = new ArrayList<>();
        Proactor proactor = ProcessorChoice.open(options);
        try {
            if (number == 0) {
                System.out.println("processor=" + proactor.processor());
            }
            Acceptor acceptor = proactor.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            EchoServer.serve(acceptor);
            int port = ((InetSocketAddress) acceptor.localAddress()).getPort();
            for (int i = 0; i < TALKERS + connections; i++) {
                EchoPeer peer = EchoPeer.connect(port, i);
                peers.add(peer);
                if (i < TALKERS) {
                    talkers.add(talk(peer));
                }
            }
            long startNanos = System.nanoTime();
            proactor.shutdown(number % 2 == 0 ? Duration.ZERO : GRACE);
            proactor.awaitTermination(PATIENCE);
            if (number > 0) {
                longestMillis = Math.max(longestMillis,
                        (System.nanoTime() - startNanos) / 1_000_000);
            }
            count(proactor);
        } finally {
            proactor.close();
            for (EchoPeer each : peers) {
                each.close();
            }
            for (Thread each : talkers) {
                each.join();
            }
        }
    }

    private void count(Proactor proactor) {
        outstanding += proactor.statistics().outstanding();
        if (proactor.leasesOpen() != 0 || !proactor.dumpPending().isEmpty()) {
            unbalanced++;
        }
    }

    /** Talks until the server hangs up, as it is meant to. */
    private static Thread talk(EchoPeer peer) {
        Thread thread = new Thread(() -> {
            try {
                for (long tag = 0; ; tag++) {
                    peer.echo(tag);
                }
            } catch (IOException e) {
                // The proactor has ended.
            }
        }, "talker");
        thread.start();
        return thread;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("proactor-")).count();
    }

    /** Descriptors of this process but for files, which class loading opens when it likes. */
    private static long sockets() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(entry -> {
                try {
                    return !Files.readSymbolicLink(entry).toString().startsWith("/");
                } catch (IOException e) {
                    return false;  // closed since the directory was listed
                }
            }).count();
        }
    }
}
