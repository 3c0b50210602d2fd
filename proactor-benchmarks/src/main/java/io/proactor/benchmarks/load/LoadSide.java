package io.proactor.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The connections to one server, and the load on them. One thread. */
final class LoadSide {

    private static final long POLL_MILLIS = 100;
    private static final long MISSING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int SIGNIFICANT_DIGITS = 3;

    final Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);
    final ByteBuffer input = ByteBuffer.allocateDirect(Pattern.CHUNK);
    final Pattern pattern = new Pattern();
    final Selector selector;
    final InetSocketAddress server;
    final boolean storm;
    final int bytes;
    final int depth;

    private final boolean idle;
    private final LoadConnection[] connections;

    // True exactly while new messages are to be sent.
    boolean sending;
    private long operations;

    LoadSide(String mode, int connections, int bytes, int depth, int port) throws IOException {
        this.storm = mode.equals("storm");
        this.idle = mode.equals("idle");
        this.bytes = bytes;
        this.depth = depth;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.selector = Selector.open();
        this.connections = new LoadConnection[connections];
        for (int i = 0; i < connections; i++) {
            this.connections[i] = new LoadConnection(this, i);
        }
    }

    /** Connects, unless connecting is the load; where connections are to be idle, one by one. */
    void open() throws IOException {
        for (LoadConnection connection : connections) {
            if (!storm) {
                connection.open();
            }
            if (idle) {
                sending = true;
                connection.send();
                sending = false;
                await(System.nanoTime());
            }
        }
    }

    long operations() {
        return operations;
    }

    void count(long nanos) {
        operations++;
        histogram.recordValue(nanos);
    }

    /** Puts load on the server for a while, then waits until all echoes are back. */
    void run(long millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        sending = true;
        for (LoadConnection connection : connections) {
            if (storm) {
                connection.open();
            }
            connection.send();
        }
        await(end);
    }

    private void await(long end) throws IOException {
        while (sending || outstanding()) {
            selector.select(LoadSide::advance, POLL_MILLIS);
            long now = System.nanoTime();
            sending = sending && now < end;
            if (now - end > MISSING_AFTER_NANOS) {
                throw new IOException("Echoes are missing.");
            }
        }
    }

    private boolean outstanding() {
        for (LoadConnection connection : connections) {
            if (connection.outstanding()) {
                return true;
            }
        }
        return false;
    }

    private static void advance(SelectionKey key) {
        ((LoadConnection) key.attachment()).advance();
    }

    /** Returns what {@code latency} is answered with, and forgets it. */
    String latency() {
        StringBuilder text = new StringBuilder("latency");
        histogram.recordedValues().forEach(bucket -> text.append(' ')
                .append(bucket.getValueIteratedTo()).append(':')
                .append(bucket.getCountAtValueIteratedTo()));
        histogram.reset();
        return text.toString();
    }
}
