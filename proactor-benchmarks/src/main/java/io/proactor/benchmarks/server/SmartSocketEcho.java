package io.proactor.benchmarks.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.smartboot.socket.MessageProcessor;
import org.smartboot.socket.Protocol;
import org.smartboot.socket.StateMachineEnum;
import org.smartboot.socket.transport.AioQuickServer;
import org.smartboot.socket.transport.AioSession;

/** smart-socket, with two threads, the fewest it accepts. */
final class SmartSocketEcho implements EchoServer {

    private static final int WRITE_CHUNKS = 16;

    @Override
    public int start() throws IOException {
        int port = freePort();
        Protocol<byte[]> protocol = (buffer, session) -> whole(buffer);
        AioQuickServer server =
                new AioQuickServer("127.0.0.1", port, protocol, new Echo());
        server.setThreadNum(2)
                .setReadBufferSize(BUFFER_BYTES)
                .setWriteBuffer(BUFFER_BYTES, WRITE_CHUNKS)
                .setBacklog(BACKLOG)
                .setBannerEnabled(false);
        server.start();
        return port;
    }

    /** It cannot be asked which port it was given, so it is told one that was free just now. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static byte @Nullable [] whole(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static final class Echo implements MessageProcessor<byte[]> {
        @Override
        public void process(AioSession session, byte[] message) {
            try {
                session.writeBuffer().write(message);
            } catch (IOException e) {
                session.close();
            }
        }

        @Override
        public void stateEvent(AioSession session, StateMachineEnum state, Throwable cause) {
            // Resets are part of the storm.
        }
    }
}
