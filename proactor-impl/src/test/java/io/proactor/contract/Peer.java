package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The other end of a connection: a plain blocking socket, so that a test's errors are its own. */
final class Peer implements AutoCloseable {

    private final Socket socket;

    /** Takes over a connected socket. */
    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Until.PATIENCE_SECONDS));
        socket.setTcpNoDelay(true);
    }

    /** Connects to an address. */
    static Peer to(SocketAddress address) throws IOException {
        return to(address, 0);
    }

    /** Connects to an address, with a buffer of so many bytes for what comes; 0 as it is usual. */
    static Peer to(SocketAddress address, int receiveBytes) throws IOException {
        Socket socket = new Socket();
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(address, (int) TimeUnit.SECONDS.toMillis(Until.PATIENCE_SECONDS));
            return new Peer(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends all the bytes of the text, a byte for each character. */
    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends all the bytes. */
    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Receives exactly so many bytes, as text. */
    String receive(int count) throws IOException {
        return new String(receiveBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Receives exactly so many bytes. */
    byte[] receiveBytes(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        assertThat(bytes.length).as("bytes before the end of the stream").isEqualTo(count);
        return bytes;
    }

    /** Receives some bytes; -1 at the end of the stream. */
    int receiveSome(byte[] target) throws IOException {
        return socket.getInputStream().read(target);
    }

    /** Receives everything up to the end of the stream. */
    byte[] receiveAll() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** Limits how long a receiving call waits. */
    void patience(int millis) throws SocketException {
        socket.setSoTimeout(millis);
    }

    /** Fails unless the other end has ended its stream, and sent nothing before. */
    void assertEndOfStream() throws IOException {
        assertThat(socket.getInputStream().read()).as("what came instead").isEqualTo(-1);
    }

    /** Returns true if the connection is over: ended or reset. No byte may have come before. */
    boolean isGone() throws IOException {
        int patience = socket.getSoTimeout();
        socket.setSoTimeout(1);
        try {
            assertEndOfStream();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        } finally {
            socket.setSoTimeout(patience);
        }
    }

    /** Fails unless the connection is over: ended or reset. Bytes that came before do not count. */
    void assertGone() throws IOException {
        try {
            socket.getInputStream().skipNBytes(Long.MAX_VALUE);
        } catch (SocketException | java.io.EOFException e) {
            return;
        }
        throw new AssertionError("That many bytes nobody sent.");
    }

    /** Ends the outgoing direction. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    InetSocketAddress remoteAddress() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
