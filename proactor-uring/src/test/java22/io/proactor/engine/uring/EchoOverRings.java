package io.proactor.engine.uring;

import io.proactor.Acceptor;
import io.proactor.Lease;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An echo server of one kind of buffer, and clients that look at each byte. What goes wrong on the
 * server's side shows at the client: the connection ends.
 */
final class EchoOverRings {

    /** Where the server has its bytes. */
    enum Memory { DIRECT, HEAP, LEASED }

    private static final int BUFFER_BYTES = 4_096;
    private static final int MESSAGE_BYTES_MAX = 20_000;
    private static final int PATIENCE_MILLIS = 20_000;

    private final Acceptor acceptor;
    private final Memory memory;

    EchoOverRings(Proactor proactor, Memory memory) throws IOException {
        this.memory = memory;
        acceptor = proactor.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ListenOptions.defaults());
        acceptor.acceptAll(accepted -> serve(accepted.socket()));
    }

    private void serve(StreamSocket socket) {
        switch (memory) {
            case DIRECT -> new Copying(socket, ByteBuffer.allocateDirect(BUFFER_BYTES)).next();
            case HEAP -> new Copying(socket, ByteBuffer.allocate(BUFFER_BYTES)).next();
            case LEASED -> new Leasing(socket).next();
        }
    }

    /** Sends and compares messages of random lengths; throws if the server ends it. */
    void client(long seed, int messages) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
        try (Socket peer = new Socket(address.getAddress(), address.getPort())) {
            peer.setTcpNoDelay(true);
            peer.setSoTimeout(PATIENCE_MILLIS);
            DataInputStream in = new DataInputStream(peer.getInputStream());
            for (int i = 0; i < messages; i++) {
                byte[] sent = new byte[1 + random.nextInt(MESSAGE_BYTES_MAX)];
                random.nextBytes(sent);
                peer.getOutputStream().write(sent);
                byte[] back = new byte[sent.length];
                in.readFully(back);
                if (!Arrays.equals(sent, back)) {
                    throw new AssertionError("message " + i + " came back as another one");
                }
            }
        }
    }

    /** Reads into a buffer of its own, and writes that. */
    private record Copying(StreamSocket socket, ByteBuffer buffer)
            implements CompletionHandler<Integer, Boolean> {

        void next() {
            socket.read(buffer.clear(), true, this);
        }

        @Override
        public void completed(Integer bytes, Boolean read) {
            if (!read) {
                next();
            } else if (bytes >= 0) {
                socket.write(buffer.flip(), false, this);
            } else {
                socket.close();
            }
        }

        @Override
        public void failed(Throwable cause, Boolean read) {
            socket.close();
        }
    }

    /** Receives, and writes what it was leased. */
    private record Leasing(StreamSocket socket)
            implements CompletionHandler<@Nullable Lease, @Nullable Void> {

        void next() {
            socket.receive(null, this);
        }

        @Override
        public void completed(@Nullable Lease lease, @Nullable Void none) {
            if (lease == null) {
                socket.close();
                return;
            }
            socket.write(lease.buffer(), lease, new CompletionHandler<Integer, Lease>() {
                @Override
                public void completed(Integer bytes, Lease written) {
                    written.close();
                    next();
                }

                @Override
                public void failed(Throwable cause, Lease written) {
                    written.close();
                    socket.close();
                }
            });
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            socket.close();
        }
    }
}
