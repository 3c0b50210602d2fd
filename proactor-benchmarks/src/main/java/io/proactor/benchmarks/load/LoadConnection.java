package io.proactor.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection of the load, or one slot of a storm. */
final class LoadConnection {

    private static final int PHASE = 97;  // by which the streams of connections are apart

    private final LoadSide side;
    private final long phase;
    private final long[] sentAt;  // when each outstanding message was sent; storm: the connect
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private long sent;
    private long received;

    LoadConnection(LoadSide side, int index) {
        this.side = side;
        this.phase = (long) index * PHASE;
        this.sentAt = new long[side.depth];
    }

    void open() throws IOException {
        sent = 0;
        received = 0;
        sentAt[0] = System.nanoTime();
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        opened.setOption(StandardSocketOptions.SO_LINGER, 0);  // closed by a reset: no TIME_WAIT
        opened.connect(side.server);
        opened.configureBlocking(false);
        key = opened.register(side.selector, SelectionKey.OP_READ, this);
    }

    boolean outstanding() {
        return sent != received || side.storm && channel != null;
    }

    /** Called when the selector has something. */
    void advance() {
        try {
            SelectionKey own = key;
            if (own == null || !own.isValid()) {
                return;
            }
            if (own.isReadable()) {
                receive();
            }
            if (channel != null) {
                send();
            } else if (side.sending) {
                open();
                send();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At the end of a slice only the message that was begun is sent to its end. */
    void send() throws IOException {
        SocketChannel to = channel;
        SelectionKey own = key;
        if (to == null || own == null) {
            return;
        }
        long limit = (received / side.bytes + side.depth) * side.bytes;
        if (side.storm) {
            limit = side.bytes;
        } else if (!side.sending) {
            limit = (sent + side.bytes - 1) / side.bytes * side.bytes;
        }
        boolean full = false;
        while (sent < limit && !full) {
            int length = (int) Math.min(limit - sent, Pattern.CHUNK);
            long now = System.nanoTime();
            int written = to.write(side.pattern.at(phase + sent, length));
            if (!side.storm) {
                stamp(sent, sent + written, now);
            }
            sent += written;
            full = written < length;
        }
        int interest = full ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (own.interestOps() != interest) {
            own.interestOps(interest);
        }
    }

    /** A message is sent when its first byte is. */
    private void stamp(long from, long to, long now) {
        long last = (to + side.bytes - 1) / side.bytes;
        for (long message = (from + side.bytes - 1) / side.bytes; message < last; message++) {
            sentAt[(int) (message % side.depth)] = now;
        }
    }

    private void receive() throws IOException {
        SocketChannel from = channel;
        ByteBuffer input = side.input.clear();
        if (from == null) {
            return;
        }
        int bytes = from.read(input);
        if (bytes < 0) {
            throw new IOException("The server ended a connection.");
        }
        if (received + bytes > sent
                || !side.pattern.at(phase + received, bytes).equals(input.flip())) {
            throw new IOException("The server sent what it was not sent.");
        }
        long message = received / side.bytes;
        received += bytes;
        long now = System.nanoTime();
        for (; message < received / side.bytes; message++) {
            side.count(now - sentAt[(int) (message % side.depth)]);
        }
        if (side.storm && received == side.bytes) {
            from.close();
            channel = null;
        }
    }
}
