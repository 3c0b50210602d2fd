package io.proactor.samples.soak;

import io.proactor.samples.load.ServerProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many peers that read a byte a second, beside a few that are quick. */
@Command(name = "slow", mixinStandardHelpOptions = true,
        header = "Many peers that read a byte a second, beside a few that are quick.",
        description = "The slow ones have sent more than they take back, so the server's writes to"
                + " them stand still. The quick ones must not notice.")
final class SoakSlow implements Callable<Integer> {

    /** More than both systems' buffers take of a peer that does not read. */
    private static final int SLOW_BYTES = 8 << 20;

    /** Between two messages of a quick peer: it is latency that is asked for, not throughput. */
    private static final long GAP_NANOS = 10_000_000;

    private static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);

    @Mixin
    private final SoakServer choice = new SoakServer();

    @Option(names = "--slow", paramLabel = "N",
            description = "Slow peers (default: ${DEFAULT-VALUE}).")
    private int slow = 200;

    @Option(names = "--quick", paramLabel = "N",
            description = "Quick peers (default: ${DEFAULT-VALUE}).")
    private int quick = 10;

    @Option(names = "--seconds", paramLabel = "N",
            description = "How long (default: ${DEFAULT-VALUE}).")
    private int seconds = 20;

    @Option(names = "--p99-millis", paramLabel = "N",
            description = "What 99 of 100 messages must be answered in (default:"
                    + " ${DEFAULT-VALUE}).")
    private int p99Millis = 20;

    private final ConcurrentHistogram latency = new ConcurrentHistogram(LATENCY_NANOS_MAX, 3);
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        SoakServer.between("--slow", slow, 0, 10_000);
        SoakServer.between("--quick", quick, 1, 1_000);
        SoakServer.between("--seconds", seconds, 1, 3_600);
        Verdict verdict = new Verdict(System.out);
        List<EchoPeer> slowPeers = new ArrayList<>();
        try (ServerProcess server = choice.start("echo-server")) {
            for (int i = 0; i < slow; i++) {
                slowPeers.add(slowPeer(server.port(), i));
            }
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < quick; i++) {
                int number = i;
                Thread thread = new Thread(() -> quickPeer(server.port(), number, endNanos));
                thread.start();
                threads.add(thread);
            }
            long taken = readSlowly(slowPeers, endNanos);
            for (Thread each : threads) {
                each.join();
            }
            IOException failed = failure.get();
            if (failed != null) {
                throw failed;
            }
            verdict.told("bytes that the slow peers took", taken);
            verdict.told("messages of the quick peers", latency.getTotalCount());
            verdict.told("milliseconds, p50", latency.getValueAtPercentile(50) / 1e6);
            verdict.atMost("milliseconds, p99", latency.getValueAtPercentile(99) / 1e6, p99Millis);
            verdict.told("milliseconds, the longest", latency.getMaxValue() / 1e6);
            verdict.atMost("MiB of memory", server.residentBytes() / 1_048_576.0, 600);
            return verdict.exitCode();
        } finally {
            for (EchoPeer each : slowPeers) {
                each.reset();
            }
        }
    }

    /** Sends for as long as the server takes what comes, and has then been answered a part. */
    private static EchoPeer slowPeer(int port, int number) throws IOException {
        EchoPeer peer = EchoPeer.connect(port, number);
        peer.channel().configureBlocking(false);
        ByteBuffer bytes = ByteBuffer.allocateDirect(64 * 1024);
        long quietNanos = TimeUnit.MILLISECONDS.toNanos(20);
        long lastNanos = System.nanoTime();
        for (int sent = 0; sent < SLOW_BYTES && System.nanoTime() - lastNanos < quietNanos;) {
            int count = peer.channel().write(bytes.clear());
            if (count > 0) {
                sent += count;
                lastNanos = System.nanoTime();
            }
        }
        return peer;
    }

    private static long readSlowly(List<EchoPeer> peers, long endNanos) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long taken = 0;
        for (long dueNanos = System.nanoTime(); dueNanos - endNanos < 0;
                dueNanos += TimeUnit.SECONDS.toNanos(1)) {
            Patience.until(dueNanos);
            for (EchoPeer each : peers) {
                taken += Math.max(0, each.channel().read(one.clear()));
            }
        }
        Patience.until(endNanos);
        return taken;
    }

    private void quickPeer(int port, int number, long endNanos) {
        try (EchoPeer peer = EchoPeer.connect(port, number)) {
            for (long tag = 0; System.nanoTime() - endNanos < 0; tag++) {
                long startNanos = System.nanoTime();
                peer.echo(tag);
                latency.recordValue(Math.min(System.nanoTime() - startNanos, LATENCY_NANOS_MAX));
                Patience.until(startNanos + GAP_NANOS);
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }
}
