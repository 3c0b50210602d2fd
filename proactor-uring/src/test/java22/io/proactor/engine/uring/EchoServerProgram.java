package io.proactor.engine.uring;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;

/**
 * Echoes over {@code uring}, on one loop, until its standard input ends; first says at which port.
 * Run in a JVM of its own by {@link SystemCallCountTest}.
 */
final class EchoServerProgram {

    private static final int BUFFER_BYTES = 4_096;

    private EchoServerProgram() {}

    /** One echo: a read and a write in turn. */
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

    public static void main(String[] arguments) throws Exception {
        try (Proactor proactor = Proactor.open(ProactorOptions.defaults().withProcessor("uring")
                .withLoops(1).withLoopDispatcher())) {
            Acceptor acceptor = proactor.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            acceptor.acceptAll(accepted -> new Echo(accepted.socket(),
                    ByteBuffer.allocateDirect(BUFFER_BYTES)).completed(0, false));
            System.out.println(((InetSocketAddress) acceptor.localAddress()).getPort());
            while (System.in.read() >= 0) {
                // Nothing is asked of it but to end.
            }
        }
    }
}
