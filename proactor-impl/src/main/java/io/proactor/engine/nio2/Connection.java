package io.proactor.engine.nio2;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousSocketChannel;

/**
 * A channel that is connected, with what was asked of it once.
 *
 * @param local this end's address
 * @param remote the other end's address
 */
record Connection(AsynchronousSocketChannel channel, SocketAddress local, SocketAddress remote) {

    /**
     * Takes a channel over.
     *
     * @throws IOException if the connection is over already, or the system refuses; the channel is
     *     the caller's to close then
     */
    static Connection of(AsynchronousSocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SocketAddress local = channel.getLocalAddress();
        SocketAddress remote = channel.getRemoteAddress();
        if (local == null || remote == null) {
            throw new IOException("The connection has no address.");
        }
        return new Connection(channel, local, remote);
    }
}
