package io.proactor.samples.echo;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.cli.ServerChoice;
import io.proactor.samples.cli.Service;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The echo server with options, and with a life from its ready line to its last report. */
@Command(name = "echo-server", mixinStandardHelpOptions = true,
        header = "Sends back whatever comes.",
        description = "SIGTERM or Ctrl-C ends it in good order.")
public final class EchoServerCommand implements Callable<Integer> {

    static final int PORT = 7007;

    @Mixin
    private final ServerChoice choice = new ServerChoice(PORT, EchoLimits.IDLE_SECONDS);

    @Override
    public Integer call() throws InterruptedException {
        InetSocketAddress local = choice.local();
        try (Proactor proactor = ProcessorChoice.open(choice.options())) {
            Acceptor acceptor = choice.listen(proactor, local);
            EchoServer.serve(acceptor, EchoLimits.idle(choice.idle()));
            Service service = new Service(proactor, System.out, () -> {});
            service.ready(acceptor, local);
            return service.awaitEnd();
        }
    }
}
