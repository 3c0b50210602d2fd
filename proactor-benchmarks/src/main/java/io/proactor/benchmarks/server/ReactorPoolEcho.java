package io.proactor.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A reactor with a pool of workers: the selector's thread hands a ready channel to a worker, which
 * reads, writes, and has the selector look at the channel again.
 */
final class ReactorPoolEcho implements EchoServer {

    private final ExecutorService workers;
    private final Selector selector;

    ReactorPoolEcho(int threads) throws IOException {
        workers = Executors.newFixedThreadPool(threads);
        selector = Selector.open();
    }

    @Override
    public int start() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread loop = new Thread(this::loop, "reactor");
        loop.setDaemon(true);
        loop.start();
        return listener.socket().getLocalPort();
    }

    private void loop() {
        try {
            while (true) {
                selector.select(this::onReady);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void onReady(SelectionKey key) {
        if (key.isAcceptable()) {
            acceptAll((ServerSocketChannel) key.channel());
        } else {
            key.interestOps(0);  // a worker has it now
            workers.execute((Worker) key.attachment());
        }
    }

    private void acceptAll(ServerSocketChannel listener) {
        try {
            SocketChannel channel;
            while ((channel = listener.accept()) != null) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                key.attach(new Worker(key, channel));
            }
        } catch (IOException e) {
            // That connection is lost; the next event brings the next.
        }
    }

    /** What a worker does for one connection. */
    private final class Worker implements Runnable {

        private final SelectionKey key;
        private final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

        Worker(SelectionKey key, SocketChannel channel) {
            this.key = key;
            this.channel = channel;
            buffer.flip();
        }

        @Override
        public void run() {
            try {
                if (!buffer.hasRemaining()) {
                    int bytes = channel.read(buffer.clear());
                    if (bytes < 0) {
                        channel.close();
                        return;
                    }
                    SlowRequest.serve(bytes);
                    buffer.flip();
                }
                channel.write(buffer);
                key.interestOps(buffer.hasRemaining() ? SelectionKey.OP_WRITE
                        : SelectionKey.OP_READ);
                selector.wakeup();
            } catch (IOException | CancelledKeyException e) {
                close();
            }
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // The connection is over either way.
            }
        }
    }
}
