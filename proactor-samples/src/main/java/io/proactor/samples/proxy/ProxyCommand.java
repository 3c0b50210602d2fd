package io.proactor.samples.proxy;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.samples.cli.HostAndPort;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.cli.Service;
import io.proactor.samples.cli.Serving;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The proxy with options, and with a life from its ready line to its last report. */
@Command(name = "proxy", mixinStandardHelpOptions = true,
        header = "Passes connections on to a server.",
        description = {"Moves bytes both ways, with two buffers of 64 KiB for each connection. The"
                + " end of either stream is passed on, too.",
            "SIGTERM or Ctrl-C ends it in good order."})
public final class ProxyCommand implements Callable<Integer> {

    /** Each has two direct buffers of 64 KiB: 128 MB at the limit. */
    private static final int CONNECTIONS_MAX = 1_000;

    @Mixin
    private final Serving serving = new Serving(CONNECTIONS_MAX);

    @Option(names = "--listen", paramLabel = "HOST:PORT", required = true,
            description = "Where clients find the proxy; port 0 lets it take any free one.")
    private String listen = "";

    @Option(names = "--to", paramLabel = "HOST:PORT", required = true,
            description = "The server. Its name is resolved for each connection, and its addresses"
                    + " are tried in turn.")
    private String to = "";

    @Option(names = "--connect-seconds", paramLabel = "N",
            description = "How long connecting to the server may take (default:"
                    + " ${DEFAULT-VALUE}).")
    private int connectSeconds = 10;

    @Option(names = "--idle-seconds", paramLabel = "N",
            description = "How long a connection may be silent both ways, and at most twice as long"
                    + " in fact; 0 for ever (default: ${DEFAULT-VALUE}).")
    private int idleSeconds = 600;

    @Override
    public Integer call() throws InterruptedException {
        ProxyLimits limits = limits();
        HostAndPort server = HostAndPort.of("--to", to, 1);
        InetSocketAddress local = serving.tried(HostAndPort.of("--listen", listen, 0).local());
        try (Proactor proactor = ProcessorChoice.open(serving.options())) {
            Acceptor acceptor = serving.listen(proactor, local);
            new ProxyServer(proactor, server, limits).serve(acceptor);
            Service service = new Service(proactor, System.out, () -> {});
            service.ready(acceptor, local);
            return service.awaitEnd();
        }
    }

    private ProxyLimits limits() {
        return new ProxyLimits(Serving.seconds("--connect-seconds", connectSeconds, 1),
                Serving.seconds("--idle-seconds", idleSeconds, 0));
    }
}
