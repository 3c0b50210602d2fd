package io.proactor;

import java.net.SocketAddress;

/**
 * A connection that an {@link Acceptor} took.
 *
 * @param socket its socket, which now belongs to the application
 * @param localAddress this end
 * @param remoteAddress the other end
 */
public record Accepted(StreamSocket socket, SocketAddress localAddress,
        SocketAddress remoteAddress) {}
