package io.proactor.provider;

import io.proactor.contract.Until;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What one test needs: a group of a provider, a listener, peers. It closes what it opened. */
final class ChannelBench {

    static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final AsynchronousChannelProvider provider;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<AsynchronousChannelGroup> groups = new ArrayList<>();
    private AsynchronousChannelGroup group;

    ChannelBench(AsynchronousChannelProvider provider) {
        this.provider = provider;
    }

    AsynchronousChannelProvider provider() {
        return provider;
    }

    /** The usual group: a fixed pool of two threads. */
    AsynchronousChannelGroup group() throws IOException {
        if (group == null) {
            group = fixed(2);
        }
        return group;
    }

    AsynchronousChannelGroup fixed(int count) throws IOException {
        return keep(provider.openAsynchronousChannelGroup(count, new GroupFactory()));
    }

    AsynchronousChannelGroup keep(AsynchronousChannelGroup made) {
        groups.add(made);
        return made;
    }

    <T extends AutoCloseable> T keep(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    AsynchronousSocketChannel socket() throws IOException {
        return keep(provider.openAsynchronousSocketChannel(group()));
    }

    AsynchronousServerSocketChannel server() throws IOException {
        return keep(provider.openAsynchronousServerSocketChannel(group()));
    }

    AsynchronousServerSocketChannel listener() throws IOException {
        return server().bind(ANY_PORT);
    }

    /** A channel under test, connected with a blocking socket of the JDK's. */
    Connected connected() throws Exception {
        return connected(group());
    }

    Connected connected(AsynchronousChannelGroup group) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(ANY_PORT)) {
            AsynchronousSocketChannel channel =
                    keep(provider.openAsynchronousSocketChannel(group));
            channel.connect(listener.getLocalAddress()).get(Ended.PATIENCE_SECONDS,
                    TimeUnit.SECONDS);
            return new Connected(channel, keep(listener.accept()));
        }
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String text(ByteBuffer filled) {
        return StandardCharsets.US_ASCII.decode(filled.duplicate().flip()).toString();
    }

    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        for (AsynchronousChannelGroup each : groups) {
            each.shutdownNow();
            if (!each.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("A group does not terminate.");
            }
        }
    }

    /** Both ends of a connection. */
    record Connected(AsynchronousSocketChannel channel, SocketChannel peer) {

        void send(String text) throws IOException {
            ByteBuffer bytes = bytes(text);
            while (bytes.hasRemaining()) {
                peer.write(bytes);
            }
        }

        String receive(int count) throws IOException {
            ByteBuffer target = ByteBuffer.allocate(count);
            while (target.hasRemaining() && peer.read(target) >= 0) {
                // and the rest
            }
            return text(target);
        }

        /** Writes until the system takes no more, so that one write is pending. */
        Ended<Integer> fill() throws Exception {
            return fill(ByteBuffer.allocate(1 << 20));
        }

        /** The same, each time with all of that buffer. */
        Ended<Integer> fill(ByteBuffer source) throws Exception {
            while (true) {
                Ended<Integer> write = new Ended<>();
                channel.write(source.clear(), null, write);
                if (!Until.within(300, write::hasEnded)) {
                    return write;
                }
                write.value();
            }
        }

        /** Takes so many bytes off the stream. */
        void drain(long count) throws IOException {
            ByteBuffer target = ByteBuffer.allocateDirect(1 << 18);
            for (long left = count; left > 0; target.clear()) {
                target.limit((int) Math.min(left, target.capacity()));
                int read = peer.read(target);
                if (read < 0) {
                    return;
                }
                left -= read;
            }
        }
    }
}
