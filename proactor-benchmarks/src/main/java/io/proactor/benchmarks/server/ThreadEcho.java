package io.proactor.benchmarks.server;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** A thread for each connection, which blocks. */
final class ThreadEcho implements EchoServer {

    private final Executor threads;

    private ThreadEcho(Executor threads) {
        this.threads = threads;
    }

    static ThreadEcho onPlatformThreads() {
        return new ThreadEcho(body -> {
            Thread thread = new Thread(null, body, "connection", 256 * 1024);
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** By its name, since this is compiled for Java 17: Java 21 and later have it. */
    static ThreadEcho onVirtualThreads() {
        try {
            return new ThreadEcho((Executor) MethodHandles.publicLookup().findStatic(
                    Executors.class, "newVirtualThreadPerTaskExecutor",
                    MethodType.methodType(java.util.concurrent.ExecutorService.class)).invoke());
        } catch (Throwable e) {
            throw new IllegalStateException("Virtual threads need Java 21.", e);
        }
    }

    @Override
    public int start() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        threads.execute(() -> {
            while (true) {
                try {
                    SocketChannel channel = listener.accept();
                    threads.execute(() -> serve(channel));
                } catch (IOException e) {
                    // That connection is lost; the next may be better.
                }
            }
        });
        return listener.socket().getLocalPort();
    }

    private static void serve(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            int bytes;
            while ((bytes = channel.read(buffer.clear())) >= 0) {
                SlowRequest.serve(bytes);
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (IOException e) {
            // The peer is gone, and so is its thread.
        }
    }
}
