package io.proactor.samples.cli;

import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** The options that say where a server listens, or where a client finds it. */
public final class Endpoint {

    private static final int PORT_MAX = 65_535;

    @Option(names = "--host", paramLabel = "HOST",
            description = "Name or address (default: ${DEFAULT-VALUE}, which only this machine"
                    + " reaches).")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT",
            description = "Port (default: ${DEFAULT-VALUE}); 0 lets a server take any free one.")
    private int port;

    /** Takes the port for when none is given. */
    public Endpoint(int port) {
        this.port = port;
    }

    /** Returns the address to listen on. */
    public InetSocketAddress local() {
        return resolve(0);
    }

    /** Returns the address to connect to. */
    public InetSocketAddress remote() {
        return resolve(1);
    }

    private InetSocketAddress resolve(int portMin) {
        if (port < portMin || port > PORT_MAX) {
            throw new UsageException("--port must be between " + portMin + " and " + PORT_MAX
                    + ", not " + port + ".");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UsageException("The host '" + host + "' cannot be resolved.");
        }
        return address;
    }

    /** Returns an address as people write it, with brackets around one of IPv6. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
