package io.proactor;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A connection that an {@link Acceptor} took.
 *
 * @param socket its socket, which now belongs to the application
 * @param localAddress this end
 * @param remoteAddress the other end
 * @param firstBlock the first bytes that came, from position to limit, if {@link
 *     ListenOptions#receiveLength} asks for them; what follows is there to be read. Empty if not,
 *     and if the client ended its side without a byte
 */
public record Accepted(StreamSocket socket, SocketAddress localAddress,
        SocketAddress remoteAddress, ByteBuffer firstBlock) {}
