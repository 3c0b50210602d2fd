package io.proactor.samples.cli;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import java.net.InetSocketAddress;
import picocli.CommandLine.Mixin;

/** The options of a server that listens on {@code --host} and {@code --port}. */
public final class ServerChoice {

    @Mixin
    private final Endpoint endpoint;

    @Mixin
    private final Serving serving = new Serving(ListenOptions.defaults().connectionsMax());

    /** Takes the port for when none is given. */
    public ServerChoice(int port) {
        endpoint = new Endpoint(port);
    }

    /** Returns the options of the library that follow from the choice. */
    public ProactorOptions options() {
        return serving.options();
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
