package io.proactor.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Lease;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The loop sees to one ready channel after the other, handlers included. */
final class OneAfterTheOtherTest {

    private static final int CONNECTIONS = 16;
    private static final long LIMIT_SECONDS = 30;

    private final CountDownLatch accepted = new CountDownLatch(CONNECTIONS);
    private final CountDownLatch received = new CountDownLatch(CONNECTIONS);
    private final List<StreamSocket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger stillPending = new AtomicInteger(-1);

    @Test
    void theHandlerOfOneReadyChannelRunsBeforeTheNextIsRead() throws IOException, InterruptedException {
        ProactorOptions options = ProactorOptions.defaults().withProcessor("queue").withLoops(1)
                .withLoopDispatcher().withSlowHandler(Duration.ZERO);
        List<Socket> clients = new ArrayList<>();
        try (Proactor proactor = Proactor.open(options)) {
            Acceptor acceptor =
                    proactor.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            acceptor.acceptAll(each -> receive(each.socket()));
            for (int i = 0; i < CONNECTIONS; i++) {
                InetSocketAddress server = (InetSocketAddress) acceptor.localAddress();
                clients.add(new Socket(server.getAddress(), server.getPort()));
            }
            await(accepted);
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            proactor.post(null, null, new Holding(held, release));
            await(held);
            for (Socket client : clients) {
                client.getOutputStream().write(1);  // on loopback it is there when this returns
            }
            release.countDown();
            await(received);
            assertThat(stillPending).hasValue(CONNECTIONS - 1);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private void receive(StreamSocket socket) {
        sockets.add(socket);
        socket.receive(null, new CompletionHandler<@Nullable Lease, @Nullable Void>() {
            @Override
            public void completed(@Nullable Lease lease, @Nullable Void none) {
                if (stillPending.compareAndSet(-1, 0)) {
                    // What was read already is complete, and cannot be cancelled.
                    sockets.forEach(other -> stillPending.addAndGet(other.cancelAll()));
                }
                lease.close();
                received.countDown();
            }

            @Override
            public void failed(Throwable cause, @Nullable Void none) {
                received.countDown();
            }
        });
        accepted.countDown();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** Keeps the loop until it is released. */
    private record Holding(CountDownLatch held, CountDownLatch release)
            implements CompletionHandler<@Nullable Object, @Nullable Object> {

        @Override
        public void completed(@Nullable Object value, @Nullable Object none) {
            held.countDown();
            try {
                await(release);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Object none) {
            // A post does not fail while the proactor is open.
        }
    }
}
