package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.server.SlowRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A client that makes a server's life hard, on a thread of its own, until it is closed. */
final class BadClient implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 * 1024;

    private final Socket socket;
    private final Thread thread;

    private BadClient(int port, Behaviour behaviour) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        thread = new Thread(() -> {
            try {
                behaviour.run(socket);
            } catch (IOException e) {
                // It was closed: the others have been measured.
            }
        }, "bad client");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Behaviour {
        void run(Socket socket) throws IOException;
    }

    /** One that asks, again and again, what a handler blocks for. */
    static BadClient thatBlocksItsHandler(int port) throws IOException {
        return new BadClient(port, socket -> {
            byte[] request = new byte[SlowRequest.BYTES];
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            do {
                out.write(request);
            } while (in.readNBytes(request, 0, request.length) == request.length);
        });
    }

    /** One that sends until nobody takes any more, and does not read. */
    static BadClient thatDoesNotRead(int port) throws IOException {
        return new BadClient(port, socket -> {
            byte[] chunk = new byte[CHUNK_BYTES];
            OutputStream out = socket.getOutputStream();
            while (!socket.isClosed()) {
                out.write(chunk);
            }
        });
    }

    @Override
    public void close() throws IOException {
        socket.close();  // ends whatever the thread does
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
