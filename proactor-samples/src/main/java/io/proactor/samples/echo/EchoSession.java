package io.proactor.samples.echo;

import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;

/**
 * One connection of the echo server: reads, writes back what it read, and reads again.
 *
 * <p>A round trip allocates nothing. The session is the handler of all its operations; what is
 * attached to them tells which one has completed.
 */
final class EchoSession implements CompletionHandler<Integer, EchoSession.Step> {

    /** What a session does, in turn. */
    enum Step { READ, WRITE }

    /** For a connection that is mostly idle: 10,000 of them keep 40 MB. */
    private static final int BUFFER_BYTES = 4 * 1024;

    /** For one that has filled the first buffer, and seems to have a lot to say. */
    private static final int LARGE_BUFFER_BYTES = 64 * 1024;

    private final StreamSocket socket;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    EchoSession(StreamSocket socket) {
        this.socket = socket;
    }

    void start() {
        socket.read(buffer, Step.READ, this);
    }

    @Override
    public void completed(Integer bytes, Step step) {
        if (step == Step.WRITE) {
            socket.read(emptied(), Step.READ, this);
        } else if (bytes >= 0) {
            socket.write(buffer.flip(), Step.WRITE, this);
        } else {
            socket.close();  // The peer has said all, and has been answered.
        }
    }

    @Override
    public void failed(Throwable cause, Step step) {
        socket.close();
    }

    private ByteBuffer emptied() {
        boolean filled = buffer.limit() == buffer.capacity();
        if (filled && buffer.capacity() < LARGE_BUFFER_BYTES) {
            buffer = ByteBuffer.allocateDirect(LARGE_BUFFER_BYTES);
        }
        return buffer.clear();
    }
}
