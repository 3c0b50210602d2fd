package io.proactor.samples;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The other end of a connection, by means of the JDK alone. Every read has a time limit. */
public final class Peer implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    private Peer(int port, int receiveBytes) throws IOException {
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /** Connects to a port of this machine. */
    public static Peer connect(int port) throws IOException {
        return new Peer(port, 0);
    }

    /** Connects with a small receive buffer, for one who will not read. */
    public static Peer connectNarrow(int port) throws IOException {
        return new Peer(port, 4096);
    }

    /** Sends text as UTF-8. */
    public Peer send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes. */
    public Peer send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Ends the outgoing direction. */
    public Peer finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads so many bytes, or fewer if the stream ends. */
    public byte[] read(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Reads to the end of the stream. */
    public byte[] readAll() throws IOException {
        return in.readAllBytes();
    }

    /** Reads a line without its end; null at the end of the stream. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Reads lines until one contains {@code text}, and returns that one. */
    public String lineWith(String text) throws IOException {
        String line = line();
        while (line != null && !line.contains(text)) {
            line = line();
        }
        if (line == null) {
            throw new AssertionError("the stream ended before a line with '" + text + "'");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
