package io.proactor.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Raw NIO.2: a group of fixed threads, and a direct buffer for each connection that is used again
 * after it, which is the kindest way to write it.
 */
final class Nio2Echo implements EchoServer {

    private final int threads;
    private final ConcurrentLinkedQueue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

    Nio2Echo(int threads) {
        this.threads = threads;
    }

    @Override
    public int start() throws IOException {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(threads,
                Executors.defaultThreadFactory());
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.accept(null, new Accepting(listener));
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private final class Accepting
            implements CompletionHandler<AsynchronousSocketChannel, @Nullable Void> {

        private final AsynchronousServerSocketChannel listener;

        Accepting(AsynchronousServerSocketChannel listener) {
            this.listener = listener;
        }

        @Override
        public void completed(AsynchronousSocketChannel channel, @Nullable Void none) {
            listener.accept(null, this);
            new Session(channel).start();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            listener.accept(null, this);
        }
    }

    /** The attachment is true for a read. */
    private final class Session implements CompletionHandler<Integer, Boolean> {

        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer;

        Session(AsynchronousSocketChannel channel) {
            this.channel = channel;
            ByteBuffer used = buffers.poll();
            this.buffer = used != null ? used : ByteBuffer.allocateDirect(BUFFER_BYTES);
        }

        void start() {
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            } catch (IOException e) {
                close();
                return;
            }
            channel.read(buffer.clear(), true, this);
        }

        @Override
        public void completed(Integer bytes, Boolean wasRead) {
            if (bytes < 0) {
                close();
            } else if (wasRead) {
            SlowRequest.serve(bytes);
                channel.write(buffer.flip(), false, this);
            } else if (buffer.hasRemaining()) {
                channel.write(buffer, false, this);
            } else {
                channel.read(buffer.clear(), true, this);
            }
        }

        @Override
        public void failed(Throwable cause, Boolean wasRead) {
            close();
        }

        private void close() {
            buffers.add(buffer);
            try {
                channel.close();
            } catch (IOException e) {
                // The connection is over either way.
            }
        }
    }
}
