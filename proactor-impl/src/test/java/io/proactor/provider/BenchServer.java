package io.proactor.provider;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The server of {@link ProviderBench}: an echo as anyone writes it for the JDK, with a heap buffer.
 * Prints its port, then for each byte of input how much its threads have allocated, and ends with
 * its input.
 */
final class BenchServer implements CompletionHandler<AsynchronousSocketChannel, Void> {

    /** Threads of the fixed pool. */
    private static final int FIXED = 2;

    private static final int BUFFER_BYTES = 4_096;

    private final AsynchronousServerSocketChannel listener;
    private final long timeoutSeconds;

    private BenchServer(AsynchronousServerSocketChannel listener, long timeoutSeconds) {
        this.listener = listener;
        this.timeoutSeconds = timeoutSeconds;
    }

    /** Arguments: jdk or not; fixed, cached or default; seconds of each timeout, 0 for none. */
    public static void main(String[] arguments) throws IOException {
        AsynchronousChannelProvider provider = arguments[0].equals("jdk")
                ? AsynchronousChannelProvider.provider()
                : new ProactorAsynchronousChannelProvider();
        AsynchronousChannelGroup group = switch (arguments[1]) {
            case "fixed" -> provider.openAsynchronousChannelGroup(FIXED,
                    Executors.defaultThreadFactory());
            case "cached" -> provider.openAsynchronousChannelGroup(
                    Executors.newCachedThreadPool(), 0);
            case "default" -> null;
            default -> throw new IllegalArgumentException(arguments[1]);
        };
        AsynchronousServerSocketChannel listener = provider
                .openAsynchronousServerSocketChannel(group).bind(ChannelBench.ANY_PORT);
        listener.accept(null, new BenchServer(listener, Long.parseLong(arguments[2])));
        System.out.println(((InetSocketAddress) listener.getLocalAddress()).getPort());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        while (System.in.read() >= 0) {
            long bytes = 0;
            for (long each : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
                bytes += each;
            }
            System.out.println(bytes);
        }
        System.exit(0);
    }

    @Override
    public void completed(AsynchronousSocketChannel accepted, Void none) {
        listener.accept(null, this);
        new Echo(accepted, timeoutSeconds).read();
    }

    @Override
    public void failed(Throwable failure, Void none) {
        failure.printStackTrace();
    }

    private static final class Echo implements CompletionHandler<Integer, Boolean> {
        private final AsynchronousSocketChannel channel;
        private final long timeoutSeconds;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

        Echo(AsynchronousSocketChannel channel, long timeoutSeconds) {
            this.channel = channel;
            this.timeoutSeconds = timeoutSeconds;
        }

        void read() {
            buffer.clear();
            channel.read(buffer, timeoutSeconds, TimeUnit.SECONDS, true, this);
        }

        @Override
        public void completed(Integer count, Boolean wasRead) {
            if (count < 0) {
                close();
            } else if (wasRead) {
                buffer.flip();
                write();
            } else if (buffer.hasRemaining()) {
                write();
            } else {
                read();
            }
        }

        private void write() {
            channel.write(buffer, timeoutSeconds, TimeUnit.SECONDS, false, this);
        }

        @Override
        public void failed(Throwable failure, Boolean wasRead) {
            close();
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
