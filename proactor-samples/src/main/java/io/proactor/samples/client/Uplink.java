package io.proactor.samples.client;

import io.proactor.StreamSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/**
 * Copies a stream to a socket, and ends the outgoing direction when the stream ends. Reads no
 * further until what it has read is written, so it keeps one chunk however slow the server is.
 */
public final class Uplink implements Runnable {

    private static final int CHUNK_BYTES = 64 * 1024;

    private final InputStream in;
    private final StreamSocket socket;
    private volatile boolean finished;  // true exactly when all of the stream has been written

    /** Copies from {@code in} to {@code socket}, when it is run. */
    public Uplink(InputStream in, StreamSocket socket) {
        this.in = in;
        this.socket = socket;
    }

    /**
     * Starts a thread for it: a daemon, because nothing but the end of the program ends a read of
     * the keyboard.
     */
    public void start() {
        Thread thread = new Thread(this, "uplink");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int bytes = in.read(chunk); bytes >= 0; bytes = in.read(chunk)) {
                write(ByteBuffer.wrap(chunk, 0, bytes));
            }
            finished = true;
            socket.shutdownOutput();
        } catch (IOException | RejectedExecutionException e) {
            // If the connection is broken, its reader meets the same failure and tells of it; if
            // the stream is, the server must not wait for more.
            socket.shutdownOutput();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns true if all of the stream has been written. */
    public boolean finished() {
        return finished;
    }

    private void write(ByteBuffer chunk) throws IOException, InterruptedException {
        Awaited<Integer> written = new Awaited<>();
        socket.write(chunk, null, written);
        written.result();
    }
}
