package io.proactor.samples.cli;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that every server has, but for where it listens. */
public final class Serving {

    /** An office behind one address still gets in; a single machine cannot take all places. */
    private static final int PER_ADDRESS_MAX = 64;

    private static final int SECONDS_MAX = 86_400;

    @Mixin
    private final ProcessorChoice processor = ProcessorChoice.forMany();

    @Option(names = "--dispatcher", paramLabel = "KIND",
            description = "Whose threads call the handlers: loop, pooled or executor (default: as"
                    + " the processor prefers).")
    private @Nullable HandlerThreads dispatcher;

    @Option(names = "--max-connections", paramLabel = "N",
            description = "Connections open at a time; more wait (default: ${DEFAULT-VALUE}).")
    private int connectionsMax;

    @Option(names = "--max-per-address", paramLabel = "N",
            description = "Connections of one client address open at a time; more are closed; 0 for"
                    + " no limit (default: 64, or no limit where only this machine can connect).")
    private @Nullable Integer perAddressMax;

    /** Takes the number of connections for when none is given. */
    public Serving(int connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    /** Returns the options of the library that follow from the choice. */
    public ProactorOptions options() {
        ProactorOptions options = processor.options();
        return dispatcher == null ? options : dispatcher.chosenIn(options);
    }

    /**
     * Returns the address to listen on, after trying it out: a server that cannot have its address
     * says so before it starts a thread or logs a line.
     */
    public InetSocketAddress tried(InetSocketAddress local) {
        if (connectionsMax < 1) {
            throw new UsageException(
                    "--max-connections must be at least 1, not " + connectionsMax + ".");
        }
        if (perAddressMax != null && perAddressMax < 0) {
            throw new UsageException(
                    "--max-per-address must not be negative, not " + perAddressMax + ".");
        }
        try (ServerSocket trial = new ServerSocket()) {
            trial.bind(local);
        } catch (IOException e) {
            throw refused(local, e);
        }
        return local;
    }

    /** Listens. */
    public Acceptor listen(Proactor proactor, InetSocketAddress local) {
        try {
            return proactor.listen(local,
                    ListenOptions.defaults().withConnectionsMax(connectionsMax)
                            .withConnectionsPerAddress(perAddress(local)));
        } catch (IOException e) {
            throw refused(local, e);
        }
    }

    /** Who connects from this machine has an address in common with everybody on it. */
    private int perAddress(InetSocketAddress local) {
        if (perAddressMax != null) {
            return perAddressMax;
        }
        return local.getAddress().isLoopbackAddress() ? 0 : PER_ADDRESS_MAX;
    }

    /** Returns what an option says in seconds. */
    public static Duration seconds(String option, int value, int min) {
        if (value < min || value > SECONDS_MAX) {
            throw new UsageException(option + " must be between " + min + " and " + SECONDS_MAX
                    + ", not " + value + ".");
        }
        return Duration.ofSeconds(value);
    }

    private static UsageException refused(InetSocketAddress local, IOException e) {
        return new UsageException("Cannot listen on " + Endpoint.text(local) + ": "
                + OneSentence.sentence(e), e);
    }
}
