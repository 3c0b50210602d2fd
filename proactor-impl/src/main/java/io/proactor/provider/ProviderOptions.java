package io.proactor.provider;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket options of this provider's channels: those of the JDK's asynchronous ones on this
 * system, and SO_LINGER and IP_TOS besides.
 */
final class ProviderOptions {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderOptions.class);

    /**
     * What every processor knows, where the system has it. The last four stand in the module
     * jdk.net, which need not be there, so they go by their names.
     */
    private static final Set<String> OFFERED = Set.of("SO_SNDBUF", "SO_RCVBUF", "SO_KEEPALIVE",
            "SO_REUSEADDR", "SO_REUSEPORT", "SO_LINGER", "IP_TOS", "TCP_NODELAY",
            "TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT", "TCP_QUICKACK");

    /** Found once per JVM, by sockets that are closed at once. */
    static final Set<SocketOption<?>> OF_SOCKETS = of(SocketChannel::open,
            Set.of(StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_LINGER));

    static final Set<SocketOption<?>> OF_LISTENERS = of(ServerSocketChannel::open,
            Set.of(StandardSocketOptions.SO_RCVBUF, StandardSocketOptions.SO_REUSEADDR));

    private ProviderOptions() {}

    /** Opens a socket that is asked for its options. */
    private interface Opening {
        NetworkChannel open() throws IOException;
    }

    private static Set<SocketOption<?>> of(Opening opening, Set<SocketOption<?>> otherwise) {
        try (NetworkChannel model = opening.open()) {
            return model.supportedOptions().stream()
                    .filter(option -> OFFERED.contains(option.name()))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            LOG.debug("No socket can be opened to ask for its options.", e);
            return otherwise;
        }
    }

    static void require(Set<SocketOption<?>> supported, SocketOption<?> option) {
        if (!supported.contains(option)) {
            throw new UnsupportedOperationException("The option " + option + " is not supported.");
        }
    }
}
