package io.proactor.benchmarks.server;

import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;

/** One connection with a buffer of its own. The attachment is true for a read. */
final class ReadingSession implements CompletionHandler<Integer, Boolean> {

    private final StreamSocket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(EchoServer.BUFFER_BYTES);

    private ReadingSession(StreamSocket socket) {
        this.socket = socket;
    }

    static void begin(StreamSocket socket) {
        ReadingSession session = new ReadingSession(socket);
        socket.read(session.buffer, true, session);
    }

    @Override
    public void completed(Integer bytes, Boolean wasRead) {
        if (!wasRead) {
            socket.read(buffer.clear(), true, this);
        } else if (bytes < 0) {
            socket.close();
        } else {
            SlowRequest.serve(bytes);
            socket.write(buffer.flip(), false, this);
        }
    }

    @Override
    public void failed(Throwable cause, Boolean wasRead) {
        socket.close();
    }
}
