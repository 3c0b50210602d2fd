package io.proactor.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** A bare selector loop: one thread, one shared buffer, nothing else. */
final class SelectorEcho implements EchoServer, Consumer<SelectionKey> {

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Selector selector;
    private final ServerSocketChannel listener;

    SelectorEcho() {
        try {
            selector = Selector.open();
            listener = ServerSocketChannel.open();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int start() throws IOException {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread loop = new Thread(this::loop, "selector");
        loop.setDaemon(true);
        loop.start();
        return listener.socket().getLocalPort();
    }

    private void loop() {
        try {
            while (true) {
                selector.select(this);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void accept(SelectionKey key) {
        if (key.isAcceptable()) {
            acceptAll();
            return;
        }
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.attachment() instanceof ByteBuffer rest) {
                write(key, channel, rest);
            } else {
                echo(key, channel);
            }
        } catch (IOException e) {
            close(channel);
        }
    }

    private void echo(SelectionKey key, SocketChannel channel) throws IOException {
        int bytes = channel.read(buffer.clear());
        if (bytes < 0) {
            channel.close();
            return;
        }
        SlowRequest.serve(bytes);
        channel.write(buffer.flip());
        if (buffer.hasRemaining()) {
            key.attach(ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip());
            key.interestOps(SelectionKey.OP_WRITE);  // nothing is read until the rest is out
        }
    }

    private static void write(SelectionKey key, SocketChannel channel, ByteBuffer rest)
            throws IOException {
        channel.write(rest);
        if (!rest.hasRemaining()) {
            key.attach(null);
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void acceptAll() {
        try {
            SocketChannel channel;
            while ((channel = listener.accept()) != null) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            // That connection is lost; the next event brings the next.
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The connection is over either way.
        }
    }
}
