package io.proactor.engine.uring;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;

/**
 * An echo server on one loop, and a client of it that makes so many connections with so many round
 * trips each. Run in a JVM of its own by {@link ConnectionCallsTest}, which counts what the loop's
 * thread asks of the system. Says {@code DONE} at the end.
 */
final class CountedProgram {

    private static final int MESSAGE_BYTES = 64;

    /** Echoes until its peer has said all. */
    private record Echo(StreamSocket socket, ByteBuffer buffer)
            implements CompletionHandler<Integer, Boolean> {

        @Override
        public void completed(Integer bytes, Boolean read) {
            if (bytes < 0) {
                socket.close();
            } else if (read) {
                socket.write(buffer.flip(), false, this);
            } else {
                socket.read(buffer.clear(), true, this);
            }
        }

        @Override
        public void failed(Throwable cause, Boolean read) {
            socket.close();
        }
    }

    private CountedProgram() {}

    public static void main(String[] arguments) throws Exception {
        int connections = Integer.parseInt(arguments[0]);
        int trips = Integer.parseInt(arguments[1]);
        try (Proactor proactor = Proactor.open(ProactorOptions.defaults().withProcessor("uring")
                .withLoops(1).withLoopDispatcher());
                Acceptor acceptor = proactor.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            acceptor.acceptAll(accepted -> {
                Echo echo = new Echo(accepted.socket(), ByteBuffer.allocateDirect(MESSAGE_BYTES));
                accepted.socket().read(echo.buffer, true, echo);
            });
            InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
            for (int i = 0; i < connections; i++) {
                try (Socket peer = new Socket(address.getAddress(), address.getPort())) {
                    peer.setTcpNoDelay(true);
                    converse(peer, trips);
                }
            }
        }
        System.out.println("DONE");
    }

    private static void converse(Socket peer, int trips) throws Exception {
        byte[] message = new byte[MESSAGE_BYTES];
        for (int i = 0; i < trips; i++) {
            peer.getOutputStream().write(message);
            if (peer.getInputStream().readNBytes(MESSAGE_BYTES).length < MESSAGE_BYTES) {
                throw new AssertionError("The echo ended early.");
            }
        }
    }
}
