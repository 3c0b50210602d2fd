package io.proactor.samples.echo;

import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.samples.cli.Endpoint;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.client.Awaited;
import io.proactor.samples.client.Connection;
import io.proactor.samples.client.Uplink;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Sends standard input to a server, and prints what comes back. */
@Command(name = "echo-client", mixinStandardHelpOptions = true,
        header = "Sends standard input to a server, and prints what comes back.",
        description = "Ends when the input has ended and the server has answered all of it.")
public final class EchoClientCommand implements Callable<Integer> {

    private static final int BUFFER_BYTES = 64 * 1024;

    @Mixin
    private final Endpoint endpoint = new Endpoint(EchoServerCommand.PORT);

    @Mixin
    private final ProcessorChoice processor = ProcessorChoice.forOne();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Connection.quiet();
        InetSocketAddress remote = endpoint.remote();
        try (Proactor proactor = ProcessorChoice.open(processor.options());
                StreamSocket socket = Connection.open(proactor, remote)) {
            Uplink uplink = new Uplink(System.in, socket);
            uplink.start();
            print(socket, System.out);
            if (!uplink.finished()) {
                throw new IOException("The server ended the connection.");
            }
            return 0;
        }
    }

    private static void print(StreamSocket socket, PrintStream out)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[BUFFER_BYTES];
        while (true) {
            Awaited<Integer> read = new Awaited<>();
            socket.read(ByteBuffer.wrap(bytes), null, read);
            int count = read.result();
            if (count < 0) {
                return;
            }
            out.write(bytes, 0, count);
            out.flush();
        }
    }
}
