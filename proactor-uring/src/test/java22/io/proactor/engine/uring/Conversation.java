package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * What a {@link ScriptedClient} talks over: one connection after another, and random choices that
 * depend on nothing but the seed. The test's thread.
 */
final class Conversation implements AutoCloseable {

    static final int BYTES_MAX = 3_000;
    private static final int PATIENCE_MILLIS = 20_000;

    final SplittableRandom random;
    final Outcomes outcomes = new Outcomes();
    private final Proactor proactor;
    private final ServerSocket server;

    // Of the connection that is there.
    StreamSocket socket;
    Socket peer;
    boolean readable;  // true exactly until the peer has ended its direction
    boolean writable;  // true exactly until this end has ended its own

    Conversation(Proactor proactor, long seed) throws Exception {
        this.proactor = proactor;
        random = new SplittableRandom(seed);
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        socket = proactor.newSocket();
        peer = connect();
    }

    Proactor proactor() {
        return proactor;
    }

    InetAddress address() {
        return server.getInetAddress();
    }

    int count() {
        return 1 + random.nextInt(BYTES_MAX);
    }

    /** Has the peer send bytes without a delimiter in them, in one piece. */
    int send(int count) throws IOException {
        peer.getOutputStream().write(bytes(count));
        return count;
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        return bytes;
    }

    ByteBuffer buffer(int count) {
        return random.nextBoolean() ? ByteBuffer.allocateDirect(count)
                : ByteBuffer.allocate(count);
    }

    static byte[] filled(ByteBuffer target) {
        byte[] bytes = new byte[target.position()];
        target.get(0, bytes);
        return bytes;
    }

    /** Reads so many bytes by as many reads as it takes. */
    byte[] drain(int count) throws InterruptedException {
        ByteBuffer target = buffer(Math.max(1, count));
        while (target.position() < count) {
            Call<Integer> read = new Call<>();
            socket.read(target, null, read);
            assertThat(read.value()).as("bytes that were sent").isPositive();
        }
        return filled(target);
    }

    Socket connect() throws Exception {
        Call<StreamSocket> connect = new Call<>();
        socket.connect(server.getLocalSocketAddress(), null, connect);
        Socket other = server.accept();
        other.setTcpNoDelay(true);
        other.setSoTimeout(PATIENCE_MILLIS);
        connect.value();
        readable = true;
        writable = true;
        return other;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        peer.close();
        server.close();
    }
}
