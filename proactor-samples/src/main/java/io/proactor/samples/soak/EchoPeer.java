package io.proactor.samples.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client by means of the JDK alone, with a source address that is chosen by its number. */
final class EchoPeer implements AutoCloseable {

    /** Each has 28,232 ports by default (ip(7), ip_local_port_range), some of them in TIME_WAIT. */
    private static final int SOURCES = 16;

    private static final int MESSAGE_BYTES = 64;

    private final SocketChannel channel;
    private final ByteBuffer message = ByteBuffer.allocate(MESSAGE_BYTES);

    private EchoPeer(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects from one of the addresses 127.0.0.2 and up. */
    static EchoPeer connect(int port, int number) throws IOException {
        SocketChannel channel = SocketChannel.open(java.net.StandardProtocolFamily.INET);
        try {
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(
                    new byte[] {127, 0, 0, (byte) (2 + number % SOURCES)}), 0));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return new EchoPeer(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a message that says {@code tag}, waits for it, and fails if something else comes. */
    void echo(long tag) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            message.putLong(tag);
        }
        message.flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
        message.clear();
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                throw new IOException("The server closed a connection.");
            }
        }
        message.flip();
        while (message.hasRemaining()) {
            if (message.getLong() != tag) {
                throw new IOException("What came back is not what had been sent.");
            }
        }
    }

    /** Closes with a reset. */
    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
