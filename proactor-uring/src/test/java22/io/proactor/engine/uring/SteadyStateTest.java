package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a round trip costs once all that is made once has been made. */
@EnabledIfAvailable
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SteadyStateTest {

    private static final int ROUND_TRIPS = 10_000;

    /** Until the compiler is through; measured, and doubled. */
    private static final int WARM_UP = 60_000;

    /** On a busy machine the compiler is later: so often the steady state is looked for. */
    private static final int WINDOWS_MAX = 40;

    private static final int MESSAGE_BYTES = 64;

    /** One echo: a read and a write in turn, for ever. */
    private record Echo(StreamSocket socket, ByteBuffer buffer)
            implements CompletionHandler<Integer, Boolean> {

        void start() {
            socket.read(buffer, true, this);
        }

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

    @Test
    void roundTripOfDirectBuffersAllocatesNothing() throws Exception {
        long bytes = allocatedBy(ByteBuffer.allocateDirect(MESSAGE_BYTES));
        assertThat(bytes).as("bytes in %s round trips", ROUND_TRIPS).isLessThan(ROUND_TRIPS);
    }

    @Test
    void roundTripOfHeapBuffersAllocatesNothing() throws Exception {
        long bytes = allocatedBy(ByteBuffer.allocate(MESSAGE_BYTES));
        assertThat(bytes).as("bytes in %s round trips", ROUND_TRIPS).isLessThan(ROUND_TRIPS);
    }

    private static long allocatedBy(ByteBuffer buffer) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Thread> made = new CopyOnWriteArrayList<>();
        ProactorOptions options = ProactorOptions.defaults().withProcessor("uring").withLoops(1)
                .withLoopDispatcher().withThreads(body -> {
                    Thread thread = new Thread(body);
                    thread.setDaemon(true);
                    made.add(thread);
                    return thread;
                });
        try (Proactor proactor = Proactor.open(options)) {
            Acceptor acceptor = proactor.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    ListenOptions.defaults());
            acceptor.acceptAll(accepted -> new Echo(accepted.socket(), buffer).start());
            InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
            try (Socket peer = new Socket(address.getAddress(), address.getPort())) {
                peer.setTcpNoDelay(true);
                roundTrips(peer, WARM_UP);
                long loop = made.stream().filter(each -> each.getName().contains("loop"))
                        .findFirst().orElseThrow().threadId();
                long least = Long.MAX_VALUE;
                for (int window = 0; window < WINDOWS_MAX && least >= ROUND_TRIPS; window++) {
                    long before = threads.getThreadAllocatedBytes(loop);
                    roundTrips(peer, ROUND_TRIPS);
                    least = Math.min(least, threads.getThreadAllocatedBytes(loop) - before);
                }
                return least;
            }
        }
    }

    private static void roundTrips(Socket peer, int count) throws IOException {
        OutputStream out = peer.getOutputStream();
        DataInputStream in = new DataInputStream(peer.getInputStream());
        byte[] message = new byte[MESSAGE_BYTES];
        for (int i = 0; i < count; i++) {
            out.write(message);
            in.readFully(message);
        }
    }
}
