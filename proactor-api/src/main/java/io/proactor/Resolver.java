package io.proactor;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host, for {@link Connector}. */
@FunctionalInterface
public interface Resolver {

    /**
     * Returns the addresses of {@code host}, the preferred one first.
     *
     * <p>Threads: a thread of the library's that runs no handler; this call may block. At most 8
     * run at a time for one connector.
     *
     * @throws IOException if it has none, or they cannot be found
     */
    List<InetAddress> resolve(String host) throws IOException;

    /** Returns the JDK's resolver, which asks the system. */
    static Resolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
