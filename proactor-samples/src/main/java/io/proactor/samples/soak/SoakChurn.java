package io.proactor.samples.soak;

import io.proactor.samples.load.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Connections that come, say one thing, and go. */
@Command(name = "churn", mixinStandardHelpOptions = true,
        header = "Connections that come, say one thing, and go.",
        description = "Half of them end in good order and half with a reset. In the second half of"
                + " the time, the server may not have more than in the first: memory 2 percent and"
                + " 2 MiB, objects in use 2 percent and 256 KiB, descriptors and threads none.")
final class SoakChurn implements Callable<Integer> {

    private static final int CLIENTS = 4;
    private static final int END_SECONDS = 10;
    private static final double GROWTH_MAX = 1.02;
    private static final double RESIDENT_SLACK_MIB = 2;
    private static final double HEAP_SLACK_KIB = 256;

    @Mixin
    private final SoakServer choice = new SoakServer();

    @Option(names = "--rate", paramLabel = "N",
            description = "Connections per second, if they can be had (default: ${DEFAULT-VALUE}).")
    private int rate = 1_000;

    @Option(names = "--seconds", paramLabel = "N",
            description = "How long (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    private final AtomicInteger made = new AtomicInteger();

    /** What a server has at a moment at which nobody is connected. */
    private record Sample(double residentMib, double heapKib, long descriptors, long threads) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        SoakServer.between("--rate", rate, 1, 100_000);
        SoakServer.between("--seconds", seconds, 2, 86_400);
        Verdict verdict = new Verdict(System.out);
        try (ServerProcess server = choice.start("echo-server")) {
            try (EchoPeer first = EchoPeer.connect(server.port(), 0)) {
                first.echo(0);  // brings what the server keeps from then on
            }
            server.liveHeapBytes();  // brings the descriptor that answers jcmd
            Patience.until(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
            long descriptors = server.descriptors();
            churn(server.port());
            Sample half = sample(server, descriptors);
            churn(server.port());
            Sample end = sample(server, descriptors);
            verdict.told("connections", made.get());
            verdict.told("connections per second", (double) made.get() / seconds);
            verdict.atMost("MiB of memory at the end", end.residentMib(),
                    half.residentMib() * GROWTH_MAX + RESIDENT_SLACK_MIB);
            verdict.atMost("KiB of objects in use at the end", end.heapKib(),
                    half.heapKib() * GROWTH_MAX + HEAP_SLACK_KIB);
            verdict.atMost("descriptors at the end", end.descriptors(), half.descriptors());
            verdict.atMost("threads at the end", end.threads(), half.threads());
            verdict.exactly("exit code after SIGTERM", server.end(), 0);
            return verdict.exitCode();
        }
    }

    /** Waits until the last connection is forgotten, and looks. */
    private static Sample sample(ServerProcess server, long descriptors) throws IOException {
        long open = Patience.until(server::descriptors, descriptors, END_SECONDS);
        double heapKib = server.liveHeapBytes() / 1_024.0;
        return new Sample(server.residentBytes() / 1_048_576.0, heapKib, open, server.threads());
    }

    /** Half of the time, by some clients that take turns. */
    private void churn(int port) throws IOException, InterruptedException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            long startNanos = System.nanoTime();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                running.add(clients.submit(() -> {
                    client(port, client, startNanos);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("A client failed: " + e.getCause(), e);
        } finally {
            clients.shutdownNow();
        }
    }

    private void client(int port, int client, long startNanos) throws IOException {
        long endNanos = startNanos + TimeUnit.SECONDS.toNanos(seconds) / 2;
        long gapNanos = TimeUnit.SECONDS.toNanos(CLIENTS) / rate;
        long dueNanos = startNanos + client * gapNanos / CLIENTS;
        while (dueNanos - endNanos < 0 && System.nanoTime() - endNanos < 0) {
            Patience.until(dueNanos);
            int number = made.incrementAndGet();
            try (EchoPeer peer = EchoPeer.connect(port, number)) {
                peer.echo(number);
                if (number % 2 == 0) {
                    peer.reset();
                }
            }
            dueNanos += gapNanos;
        }
    }
}
