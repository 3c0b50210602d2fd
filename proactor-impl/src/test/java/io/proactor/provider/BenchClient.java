package io.proactor.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Connections of which each has one message under way: it sends, and waits for the echo. */
final class BenchClient implements AutoCloseable {

    private static final int MESSAGE_BYTES = 64;

    private final Selector selector = Selector.open();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(MESSAGE_BYTES);
    private final SocketChannel[] channels;
    private long messages;
    private int underWay;
    private boolean ending;

    BenchClient(int port, int connections) throws IOException {
        channels = new SocketChannel[connections];
        for (int i = 0; i < connections; i++) {
            channels[i] = SocketChannel.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channels[i].setOption(StandardSocketOptions.TCP_NODELAY, true);
            channels[i].configureBlocking(false);
            channels[i].register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(1));
        }
    }

    /** Returns how many messages came back; nothing is under way then. */
    long run(long nanos) throws IOException {
        messages = 0;
        ending = false;
        for (SocketChannel channel : channels) {
            send(channel);
        }
        long end = System.nanoTime() + nanos;
        while (underWay > 0) {
            selector.select(this::receive);
            ending |= System.nanoTime() - end >= 0;
        }
        return messages;
    }

    private void send(SocketChannel channel) throws IOException {
        scratch.clear();
        if (channel.write(scratch) != MESSAGE_BYTES) {
            throw new IOException("a small message was cut");
        }
        underWay++;
    }

    private void receive(SelectionKey key) {
        try {
            SocketChannel channel = (SocketChannel) key.channel();
            scratch.clear();
            if (channel.read(scratch) != MESSAGE_BYTES) {
                throw new IOException("a small message was cut, or the server closed");
            }
            messages++;
            underWay--;
            if (!ending) {
                send(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
