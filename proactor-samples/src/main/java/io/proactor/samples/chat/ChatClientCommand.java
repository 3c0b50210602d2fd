package io.proactor.samples.chat;

import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.samples.cli.Endpoint;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.cli.UsageException;
import io.proactor.samples.client.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A client for the chat server. */
@Command(name = "chat-client", mixinStandardHelpOptions = true,
        header = "Talks to the chat server.",
        description = "What others say appears above the line that is being typed. Without a"
                + " terminal, standard input and output are used as they are.")
public final class ChatClientCommand implements Callable<Integer> {

    @Mixin
    private final Endpoint endpoint = new Endpoint(ChatServerCommand.PORT);

    @Mixin
    private final ProcessorChoice processor = ProcessorChoice.forOne();

    @Option(names = "--nick", paramLabel = "NAME", description = "The name to be known by.")
    private @Nullable String nick;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Connection.quiet();
        InetSocketAddress remote = endpoint.remote();
        Name name = nick == null ? null : name(nick);
        // A screen may be slow, and only this client waits for it.
        try (Proactor proactor =
                        ProcessorChoice.open(processor.options().withSlowHandler(Duration.ZERO));
                StreamSocket socket = Connection.open(proactor, remote);
                Screen screen = Screen.open()) {
            new ChatConversation(socket, screen).run(name);
            return 0;
        }
    }

    private static Name name(String nick) {
        Name name = Name.parse(nick);
        if (name == null) {
            throw new UsageException("--nick must be 1 to " + ChatLimits.NAME_CHARS_MAX
                    + " letters, digits, _ or -.");
        }
        return name;
    }
}
