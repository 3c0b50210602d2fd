package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many connections to an echo server, each with one message on its way. One thread. */
final class EchoLoad implements AutoCloseable {

    private static final int MESSAGE_BYTES = 64;
    private static final long SELECT_MILLIS = 20_000;

    /** What one connection has of its message back. */
    private static final class Connection {
        private final ByteBuffer back = ByteBuffer.allocateDirect(MESSAGE_BYTES);
    }

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);

    EchoLoad(int port, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channels.add(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Connection());
        }
    }

    /** Makes at least so many round trips, and returns how many. Nothing is on its way after it. */
    long trips(long wanted) throws IOException {
        for (SocketChannel each : channels) {
            send(each);
        }
        long sent = channels.size();
        long done = 0;
        while (done < sent) {
            assertThat(selector.select(SELECT_MILLIS)).as("echoes after %s", done).isPositive();
            for (SelectionKey key : selector.selectedKeys()) {
                ByteBuffer back = ((Connection) key.attachment()).back;
                SocketChannel channel = (SocketChannel) key.channel();
                assertThat(channel.read(back)).as("bytes of an echo").isPositive();
                if (!back.hasRemaining()) {
                    back.clear();
                    done++;
                    if (sent < wanted) {
                        send(channel);
                        sent++;
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        return done;
    }

    private void send(SocketChannel channel) throws IOException {
        assertThat(channel.write(message.clear())).isEqualTo(MESSAGE_BYTES);
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel each : channels) {
            each.close();
        }
        selector.close();
    }
}
