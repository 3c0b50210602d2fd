package io.proactor.samples.load;

import io.proactor.ProactorOptions;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.cli.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what a connection costs that says nothing. */
@Command(name = "idle", mixinStandardHelpOptions = true,
        header = "Measures what idle connections cost an echo server in memory.",
        description = "It starts a server in a JVM of its own, has each connection say a few bytes"
                + " and then nothing, and compares the server's memory before and after."
                + " Linux only.")
public final class IdleCommand implements Callable<Integer> {

    /** Before the first look: classes are loaded, and pools have what they keep. */
    private static final int WARM_UP = 200;

    private static final int GREETING_BYTES = 16;

    private static final int CONNECTIONS_MAX = 60_000;  // to one port, from one address

    @Mixin
    private final ProcessorChoice processor = ProcessorChoice.forOne();

    @Option(names = "--connections", paramLabel = "N",
            description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections = 10_000;

    @Override
    public Integer call() throws IOException {
        if (connections < 1 || connections > CONNECTIONS_MAX) {
            throw new UsageException("--connections must be between 1 and " + CONNECTIONS_MAX
                    + ", not " + connections + ".");
        }
        ProactorOptions options = processor.options();
        ProcessorChoice.open(options).close();  // what cannot be had is said here, and once
        if (!Files.exists(Path.of("/proc/self/status"))) {
            throw new UsageException("This system has no /proc to look at a server's memory.");
        }
        List<SocketChannel> idle = new ArrayList<>();
        try (ServerProcess server =
                ServerProcess.start(options.processor(), options.loops())) {
            connect(server.port(), WARM_UP, idle);
            long heapBefore = server.liveHeapBytes();
            long residentBefore = server.residentBytes();
            connect(server.port(), connections, idle);
            long resident = server.residentBytes() - residentBefore;
            long heap = server.liveHeapBytes() - heapBefore;
            System.out.println("processor=" + server.processor() + " connections=" + connections
                    + " resident=" + resident / connections + " bytes each, of which "
                    + heap / connections + " are objects in use");
            return 0;
        } finally {
            for (SocketChannel each : idle) {
                each.close();
            }
        }
    }

    /** Each is served once, so that it is known to have been accepted and to wait again. */
    private static void connect(int port, int count, List<SocketChannel> idle)
            throws IOException {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ByteBuffer greeting = ByteBuffer.allocateDirect(GREETING_BYTES);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(remote);
            idle.add(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.write(greeting.clear());
            greeting.clear();
            while (greeting.hasRemaining()) {
                if (channel.read(greeting) < 0) {
                    throw new IOException("The server closed connection " + i + ".");
                }
            }
        }
    }
}
