package io.proactor.engine.uring;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorListener;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes round trips over {@code uring} and says how many connections were lost by it, and how often
 * the processor failed: {@code TRIPS 200 LOST 0 FAILURES 0}. Run in a JVM of its own by
 * {@link EnterFaultTest}.
 */
final class EchoProgram {

    private static final int TRIPS = 200;

    /** So many connections at most: more are not lost by one fault. */
    private static final int LOST_MAX = 5;

    private EchoProgram() {}

    public static void main(String[] arguments) throws Exception {
        AtomicInteger failures = new AtomicInteger();
        int trips = 0;
        int lost = 0;
        try (Proactor proactor = Proactor.open(ProactorOptions.defaults().withProcessor("uring")
                .withLoops(1).withLoopDispatcher().withListener(new ProactorListener() {
                    @Override
                    public void processorFailed(Throwable failure) {
                        failures.incrementAndGet();
                    }
                }))) {
            while (trips < TRIPS && lost < LOST_MAX) {
                try {
                    trips += trips(proactor, TRIPS - trips);
                } catch (CompletionException e) {
                    lost++;
                }
            }
        }
        System.out.println("TRIPS " + trips + " LOST " + lost + " FAILURES " + failures);
    }

    private static int trips(Proactor proactor, int count) throws Exception {
        try (Acceptor acceptor = proactor.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Call<Accepted> accept = new Call<>();
            acceptor.accept(null, accept);
            InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
            try (Socket peer = new Socket(address.getAddress(), address.getPort());
                    StreamSocket socket = unlessLost(accept).socket()) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(4);
                for (int i = 0; i < count; i++) {
                    peer.getOutputStream().write(new byte[] {1, 2, 3, (byte) i});
                    Call<Integer> read = new Call<>();
                    socket.readExactly(buffer.clear(), null, read);
                    unlessLost(read);
                    Call<Integer> write = new Call<>();
                    socket.write(buffer.flip(), null, write);
                    unlessLost(write);
                    byte[] back = peer.getInputStream().readNBytes(4);
                    if (back.length < 4 || back[3] != (byte) i) {
                        throw new AssertionError("Other bytes came back.");
                    }
                }
            }
        }
        return count;
    }

    private static <V> V unlessLost(Call<V> call) throws InterruptedException {
        if (call.cause() != null) {
            throw new CompletionException(call.cause());
        }
        return call.value();
    }
}
