package io.proactor.samples.chat;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.cli.ServerChoice;
import io.proactor.samples.cli.Service;
import io.proactor.samples.cli.UsageException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The chat server, with its operator's keyboard. */
@Command(name = "chat-server", mixinStandardHelpOptions = true,
        header = "Lets people talk, with the chat client or with nc.",
        description = "Its own terminal is the operator's, whom /help tells what can be done there."
                + " SIGTERM or Ctrl-C ends it in good order.",
        footer = {"", "To run it in the background of a shell, let it read /dev/null."})
public final class ChatServerCommand implements Callable<Integer> {

    static final int PORT = 7008;

    /** Less would cut those who only ask /who in a full room. */
    private static final int SLOW_READER_BYTES_MIN = 16 * 1024;
    private static final int SLOW_READER_BYTES_MAX = 1 << 30;

    @Mixin
    private final ServerChoice choice = new ServerChoice(PORT, ChatLimits.IDLE_SECONDS);

    @Option(names = "--slow-reader-cap", paramLabel = "BYTES",
            description = "Bytes that may wait for a client before it is cut (default:"
                    + " ${DEFAULT-VALUE}).")
    private int slowReaderBytes = ChatLimits.SLOW_READER_BYTES;

    @Override
    public Integer call() throws InterruptedException {
        if (slowReaderBytes < SLOW_READER_BYTES_MIN || slowReaderBytes > SLOW_READER_BYTES_MAX) {
            throw new UsageException("--slow-reader-cap must be between " + SLOW_READER_BYTES_MIN
                    + " and " + SLOW_READER_BYTES_MAX + ", not " + slowReaderBytes + ".");
        }
        InetSocketAddress local = choice.local();
        try (Proactor proactor = ProcessorChoice.open(options())) {
            Acceptor acceptor = choice.listen(proactor, local);
            ChatServer server = new ChatServer(proactor, slowReaderBytes, choice.idle());
            server.serve(acceptor);
            Service service = new Service(proactor, System.out, server::farewell);
            service.ready(acceptor, local);
            new OperatorConsole(System.in, System.out, server, service::stop).start();
            return service.awaitEnd();
        }
    }

    /**
     * A queue of the library's that is no narrower than our cap, so that it is ours that counts.
     * All queues together may hold as many bytes as the heap, since a line is counted for each who
     * has yet to read it, and stored once.
     */
    private ProactorOptions options() {
        ProactorOptions options = choice.options();
        return options.withWriteQueue(options.writeQueue()
                .withMaximum(Math.max(options.writeQueue().bytesHigh(), slowReaderBytes),
                        ChatLimits.SLOW_READER_LINES)
                .withTotalBytesMax(Runtime.getRuntime().maxMemory()));
    }
}
