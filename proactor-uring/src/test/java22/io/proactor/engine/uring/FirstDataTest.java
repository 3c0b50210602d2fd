package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.ComposedOperation;
import io.proactor.OperationCancelledException;
import io.proactor.StreamSocket;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.Opcode;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** First data that goes to the kernel together with the connect. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FirstDataTest {

    private static final int PEER_MILLIS = 20_000;

    @Test
    void kernelSendsItBeforeAnybodyIsToldOfTheConnection() throws Exception {
        for (boolean direct : new boolean[] {true, false}) {
            try (UringBench bench = new UringBench(KernelRing::open)) {
                ServerSocket server = server(bench);
                bench.watch().hold(Opcode.IORING_OP_CONNECT);
                ByteBuffer first = first(direct);
                Call<Integer> connect = bench.call();
                connect(socket(bench), server, first, connect);
                try (Socket peer = accepted(server)) {
                    assertThat(peer.getInputStream().readNBytes(5)).isEqualTo(bytes());
                    bench.turns();
                    assertThat(connect.called()).isFalse();
                    assertThat(first.remaining()).as("told before the connect is").isEqualTo(5);
                    bench.watch().release();
                    assertThat(connect.value()).isEqualTo(5);
                    assertThat(first.hasRemaining()).isFalse();
                }
            }
        }
    }

    @Test
    void withoutLinksItFollowsTheConnection() throws Exception {
        Features all = Availability.get().usable();
        Features less = new Features(all.setupFlags(), all.buffers(), all.multishot(),
                all.quietSends(), all.ringClose(), false, all.sendFile());
        try (UringBench bench = new UringBench(KernelRing::open, less, UnaryOperator.identity())) {
            ServerSocket server = server(bench);
            bench.watch().hold(Opcode.IORING_OP_CONNECT);
            Call<Integer> connect = bench.call();
            connect(socket(bench), server, first(true), connect);
            try (Socket peer = accepted(server)) {
                bench.turns();
                assertThat(peer.getInputStream().available()).isZero();
                bench.watch().release();
                assertThat(connect.value()).isEqualTo(5);
                assertThat(peer.getInputStream().readNBytes(5)).isEqualTo(bytes());
            }
        }
    }

    @Test
    void refusalTakesNothingAndTheSameSocketTriesAgain() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            ServerSocket server = server(bench);
            InetSocketAddress closed;
            try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                closed = (InetSocketAddress) other.getLocalSocketAddress();
            }
            StreamSocket socket = socket(bench);
            ByteBuffer first = first(true);
            Call<Integer> refused = bench.call();
            socket.connect(closed, first, 0, TimeUnit.SECONDS, null, refused);
            refused.failure(ConnectException.class);
            assertThat(first.remaining()).isEqualTo(5);
            Call<Integer> connect = bench.call();
            connect(socket, server, first, connect);
            try (Socket peer = accepted(server)) {
                assertThat(connect.value()).isEqualTo(5);
                assertThat(peer.getInputStream().readNBytes(5)).isEqualTo(bytes());
            }
        }
    }

    /** More than one send takes: what is left goes the way of all writes, and counts. */
    @Test
    void cancelWhileTheRestIsOnItsWayTellsAllThatIsOut() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            ServerSocket server = server(bench);
            ByteBuffer first = ByteBuffer.allocate(64 << 20);
            Call<Integer> connect = bench.call();
            ComposedOperation pending = socket(bench).connect(server.getLocalSocketAddress(),
                    first, 0, TimeUnit.SECONDS, null, connect);
            try (Socket peer = accepted(server)) {
                peer.getInputStream().readNBytes(TransferSlab.BYTES + 1);
                assertThat(pending.cancel()).isTrue();
                long moved = connect.failure(OperationCancelledException.class).bytesMoved();
                assertThat(moved).isEqualTo(first.position()).isGreaterThan(TransferSlab.BYTES);
            }
        }
    }

    private static StreamSocket socket(UringBench bench) throws Exception {
        return bench.keep(bench.proactor().newSocket());
    }

    private static ServerSocket server(UringBench bench) throws Exception {
        return bench.keep(new ServerSocket(0, 8, InetAddress.getLoopbackAddress()));
    }

    private static Socket accepted(ServerSocket server) throws Exception {
        Socket peer = server.accept();
        peer.setSoTimeout(PEER_MILLIS);
        return peer;
    }

    private static ByteBuffer first(boolean direct) {
        return direct ? ByteBuffer.allocateDirect(5).put(bytes()).flip()
                : ByteBuffer.wrap(bytes());
    }

    private static byte[] bytes() {
        return "GET x".getBytes(StandardCharsets.US_ASCII);
    }

    private static void connect(StreamSocket socket, ServerSocket server,
            ByteBuffer first, Call<Integer> connect) {
        socket.connect(server.getLocalSocketAddress(), first, 0, TimeUnit.SECONDS, null, connect);
    }
}
