package io.proactor.samples.soak;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.load.LoadFigures;
import io.proactor.samples.load.LoadPlan;
import io.proactor.samples.load.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** More load than a server can bear, and then as much as before. */
@Command(name = "overload", mixinStandardHelpOptions = true,
        header = "More load than a server can bear, and then as much as before.",
        description = "First as many messages as 64 patient connections want; then what 1,000"
                + " connections want that each have 16 messages under way; then the first again."
                + " Under the overload the throughput must be 70 percent of the first at least, and"
                + " afterwards as well. Every byte is verified.")
final class SoakOverload implements Callable<Integer> {

    private static final int MESSAGE_BYTES = 64;
    private static final int PATIENT = 64;
    private static final int DEPTH = 16;
    private static final double THROUGHPUT_MIN = 0.7;
    private static final double RESIDENT_MIB_MAX = 600;

    /** The load has a queue for all that a connection may have under way. */
    private static final long QUEUE_BYTES = 1 << 20;

    @Mixin
    private final SoakServer choice = new SoakServer();

    @Option(names = "--connections", paramLabel = "N",
            description = "Connections of the overload (default: ${DEFAULT-VALUE}).")
    private int connections = 1_000;

    @Option(names = "--seconds", paramLabel = "N",
            description = "How long each of the three takes (default: ${DEFAULT-VALUE}).")
    private int seconds = 15;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SoakServer.between("--connections", connections, 1, 15_000);
        SoakServer.between("--seconds", seconds, 1, 3_600);
        Verdict verdict = new Verdict(System.out);
        try (ServerProcess server = choice.start("echo-server")) {
            run(server.port(), PATIENT, 1, 2);  // the JIT compilers of both sides
            LoadFigures before = run(server.port(), PATIENT, 1, seconds);
            LoadFigures during = run(server.port(), connections, DEPTH, seconds);
            long descriptors = server.descriptors();
            LoadFigures after = run(server.port(), PATIENT, 1, seconds);
            tell(verdict, "before", before);
            tell(verdict, "during", during);
            tell(verdict, "after", after);
            verdict.exactly("errors", before.failures() + during.failures() + after.failures(), 0);
            double least = THROUGHPUT_MIN * before.messagesPerSecond();
            verdict.atLeast("messages/s during the overload", during.messagesPerSecond(), least);
            verdict.atLeast("messages/s after the overload", after.messagesPerSecond(), least);
            verdict.atMost("MiB of memory", server.residentBytes() / 1_048_576.0,
                    RESIDENT_MIB_MAX);
            verdict.atMost("descriptors when all have gone",
                    Patience.until(server::descriptors, descriptors, 10), descriptors);
            verdict.exactly("exit code after SIGTERM", server.end(), 0);
            return verdict.exitCode();
        }
    }

    private static void tell(Verdict verdict, String when, LoadFigures figures) {
        verdict.told("messages/s " + when, Math.rint(figures.messagesPerSecond()));
        verdict.told("milliseconds " + when + ", p99", figures.p99Nanos() / 1e6);
    }

    private LoadFigures run(int port, int count, int depth, int time) throws InterruptedException {
        ProactorOptions options = ProactorOptions.defaults().withProcessor(choice.processor())
                .withLoops(choice.loops()).withWriteQueue(QUEUE_BYTES, DEPTH);
        try (Proactor proactor = ProcessorChoice.open(options)) {
            return LoadFigures.of(proactor,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    new LoadPlan(count, MESSAGE_BYTES, depth, time));
        }
    }
}
