package io.proactor.samples.cli;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a server that listens on {@code --host} and {@code --port}. */
public final class ServerChoice {

    /** What waits to be written to all clients together is at most this part of the heap. */
    private static final int MEMORY_FRACTION = 4;

    @Mixin
    private final Endpoint endpoint;

    @Mixin
    private final Serving serving = new Serving(ListenOptions.defaults().connectionsMax());

    @Option(names = "--idle-seconds", paramLabel = "N",
            description = "How long a client may be silent; 0 for ever (default:"
                    + " ${DEFAULT-VALUE}).")
    private int idleSeconds;

    /** Takes the port, and the time that a client may be silent, for when none is given. */
    public ServerChoice(int port, int idleSeconds) {
        endpoint = new Endpoint(port);
        this.idleSeconds = idleSeconds;
    }

    /** Returns how long a client may be silent; zero for ever. */
    public Duration idle() {
        return Serving.seconds("--idle-seconds", idleSeconds, 0);
    }

    /** Returns the options of the library that follow from the choice. */
    public ProactorOptions options() {
        ProactorOptions options = serving.options();
        return options.withWriteQueue(options.writeQueue()
                .withTotalBytesMax(Runtime.getRuntime().maxMemory() / MEMORY_FRACTION));
    }

    /** Returns the address to listen on, after trying it out; see {@link Serving#tried}. */
    public InetSocketAddress local() {
        return serving.tried(endpoint.local());
    }

    /** Listens. */
    public Acceptor listen(Proactor proactor, InetSocketAddress local) {
        return serving.listen(proactor, local);
    }
}
