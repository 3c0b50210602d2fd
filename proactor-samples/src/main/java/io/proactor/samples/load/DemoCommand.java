package io.proactor.samples.load;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.echo.EchoServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the library at work: an echo server and a load on it, with each processor in turn. */
@Command(name = "demo", mixinStandardHelpOptions = true,
        header = "Runs an echo server on each processor, under a load that verifies each byte.")
public final class DemoCommand implements Callable<Integer> {

    @Option(names = "--connections", paramLabel = "N",
            description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections = 64;

    @Option(names = "--seconds", paramLabel = "N",
            description = "How long each processor works (default: ${DEFAULT-VALUE}).")
    private int seconds = 3;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(connections, LoadPlan.MESSAGE_BYTES, 1, seconds);
        boolean good = true;
        for (Map.Entry<String, Optional<String>> each : Proactor.processors().entrySet()) {
            if (each.getValue().isPresent()) {
                System.out.println("processor " + each.getKey() + " does not run here: "
                        + each.getValue().get() + System.lineSeparator());
                continue;
            }
            ProactorOptions options = ProactorOptions.defaults().withProcessor(each.getKey());
            try (Proactor proactor = ProcessorChoice.open(options)) {
                good &= run(plan, proactor);
            }
        }
        return good ? 0 : 1;
    }

    /** The server and its clients share one proactor, as they may. */
    private static boolean run(LoadPlan plan, Proactor proactor)
            throws IOException, InterruptedException {
        try (Acceptor acceptor = proactor.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            EchoServer.serve(acceptor);
            LoadReport report =
                    new LoadRun(plan, proactor, System.err).run(acceptor.localAddress());
            report.print(System.out, System.err, proactor.processor());
            System.out.println();
            return report.good();
        }
    }
}
