package io.proactor.samples.load;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.samples.cli.Endpoint;
import io.proactor.samples.cli.ProcessorChoice;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The load generator. */
@Command(name = "load", mixinStandardHelpOptions = true,
        header = "Keeps an echo server busy, and verifies every byte that comes back.",
        description = "A connection sends its next message when one is answered, so a slow server"
                + " is sent less, and its latencies are those of a patient client.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:everything came back as it was sent",
            "1:something did not", "2:the options cannot be had"})
public final class LoadCommand implements Callable<Integer> {

    private static final int PORT = 7007;  // the echo server's

    @Mixin
    private final Endpoint endpoint = new Endpoint(PORT);

    @Mixin
    private final ProcessorChoice processor = ProcessorChoice.forMany();

    @Option(names = "--connections", paramLabel = "N",
            description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections = 64;

    @Option(names = "--bytes", paramLabel = "N",
            description = "Length of a message (default: ${DEFAULT-VALUE}).")
    private int messageBytes = LoadPlan.MESSAGE_BYTES;

    @Option(names = "--depth", paramLabel = "N",
            description = "Messages of a connection under way (default: ${DEFAULT-VALUE}).")
    private int depth = 1;

    @Option(names = "--seconds", paramLabel = "N",
            description = "How long messages are sent (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Override
    public Integer call() throws InterruptedException {
        LoadPlan plan = new LoadPlan(connections, messageBytes, depth, seconds);
        InetSocketAddress remote = endpoint.remote();
        try (Proactor proactor = ProcessorChoice.open(options())) {
            LoadReport report = new LoadRun(plan, proactor, System.err).run(remote);
            report.print(System.out, System.err, proactor.processor());
            return report.good() ? 0 : 1;
        }
    }

    /** A queue that takes all that may be under way; the bounds are those of the plan. */
    private ProactorOptions options() {
        ProactorOptions options = processor.options();
        return options.withWriteQueue(
                Math.max(options.writeQueue().bytesHigh(), (long) depth * messageBytes),
                Math.max(options.writeQueue().writesMax(), depth));
    }
}
