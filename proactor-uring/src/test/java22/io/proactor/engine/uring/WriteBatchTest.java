package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes that go out in one send: each still ends by itself. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class WriteBatchTest {

    /** More than the kernel keeps for a peer that does not read. */
    private static final int HUGE_BYTES = 32 << 20;

    private Proactor proactor;
    private Socket peer;
    private StreamSocket socket;

    @BeforeEach
    void connect() throws Exception {
        proactor = Proactor.open(ProactorOptions.defaults().withProcessor("uring").withLoops(1)
                .withLoopDispatcher());
        Acceptor acceptor = proactor.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ListenOptions.defaults());
        CompletableFuture<StreamSocket> accepted = new CompletableFuture<>();
        acceptor.acceptAll(each -> accepted.complete(each.socket()));
        InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
        peer = new Socket(address.getAddress(), address.getPort());
        socket = accepted.get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void disconnect() throws Exception {
        peer.close();
        proactor.close();
    }

    @Test
    void smallWriteDoesNotWaitForTheHugeOneBehindIt() throws Exception {
        for (boolean direct : new boolean[] {true, false}) {
            byte[] bytes = new byte[HUGE_BYTES];
            new Random(5).nextBytes(bytes);
            ByteBuffer huge = direct ? ByteBuffer.allocateDirect(HUGE_BYTES).put(bytes).flip()
                    : ByteBuffer.wrap(bytes);
            CompletableFuture<Integer> first = new CompletableFuture<>();
            CompletableFuture<Integer> small = new CompletableFuture<>();
            CompletableFuture<Integer> last = new CompletableFuture<>();
            // In one handler, so that the second and the third wait until the first is out.
            proactor.post(null, null, completing((none, thrown) -> {
                socket.write(ByteBuffer.wrap(new byte[] {1}), null, of(first));
                socket.write(ByteBuffer.wrap(new byte[] {2}), null, of(small));
                socket.write(huge, null, of(last));
            }));
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(small.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(last).isNotDone();
            assertThat(peer.getInputStream().readNBytes(2)).containsExactly(1, 2);
            assertThat(peer.getInputStream().readNBytes(HUGE_BYTES)).isEqualTo(bytes);
            assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo(HUGE_BYTES);
            assertThat(huge.hasRemaining()).isFalse();
        }
    }

    private static CompletionHandler<Integer, @Nullable Void> of(CompletableFuture<Integer> end) {
        return completing((count, thrown) -> {
            if (thrown == null) {
                end.complete(count);
            } else {
                end.completeExceptionally(thrown);
            }
        });
    }

    private interface End<V extends @Nullable Object> {
        void of(@Nullable V value, @Nullable Throwable thrown);
    }

    private static <V> CompletionHandler<V, @Nullable Void> completing(End<V> end) {
        return new CompletionHandler<>() {
            @Override
            public void completed(V value, @Nullable Void none) {
                end.of(value, null);
            }

            @Override
            public void failed(Throwable cause, @Nullable Void none) {
                end.of(null, cause);
            }
        };
    }
}
