package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.ConnectPool;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import io.proactor.spi.ReceiveLimits;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything at once: conversations in both directions over few places, with every kind of read and
 * write, timeouts, cancels that may come too late, leases that are kept, and sockets that are used
 * again. Both ends know each byte that they must hear.
 */
final class Medley implements Program {

    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 9);

    private Simulation simulation;
    private int toHold;      // conversations that clients have not begun
    private int ended;       // clients' ends that are over
    private long connectsFailed;
    private int serverEnds;  // that are not over
    private @Nullable StreamSocket silent;
    private boolean silentOver;

    @Override
    public void run(Simulation simulation) throws Exception {
        this.simulation = simulation;
        ProactorOptions options = ProactorOptions.defaults().withReceiveLimits(
                new ReceiveLimits(64, 1 + simulation.draw(3), 1 + simulation.draw(2)));
        try (Proactor server = Proactor.open(options); Proactor clients = Proactor.open(options)) {
            Acceptor acceptor = server.listen(SERVER, ListenOptions.defaults()
                    .withAcceptsPosted(1 + simulation.draw(4))
                    .withConnectionsMax(2 + simulation.draw(3)));
            acceptor.acceptAll(accepted -> {
                serverEnds++;
                talk(accepted.socket(), port(accepted.remoteAddress()), false,
                        () -> serverEnds--);
            });
            boolean stays = simulation.draw(2) == 0;
            if (stays) {
                clients.connect(SERVER, null, new Silent());
                simulation.await(() -> silentOver || silent != null);
            }
            ConnectPool pool = clients.connector().newPool(simulation.draw(2), 8);
            int holders = 1 + simulation.draw(3);
            int conversations = holders + simulation.draw(4);
            toHold = conversations;
            for (int i = 0; i < holders; i++) {
                simulation.later(Duration.ofMillis(simulation.draw(5)), () -> hold(pool));
            }
            simulation.await(() -> ended == conversations);
            assertThat(ended).as("conversations that have come to their end")
                    .isEqualTo(conversations);
            simulation.rest();
            if (silent != null) {
                talk(silent, port(silent.localAddress()), true, () -> silentOver = true);
            }
            simulation.rest();
            assertThat(silentOver || !stays).as("whoever was silent comes to an end").isTrue();
            assertThat(serverEnds).as("ends of the server that are not over").isZero();
            assertThat(connectsFailed).isLessThanOrEqualTo(simulation.faults());
            pool.close();
            acceptor.close();
            simulation.rest();
            assertThat(acceptor.connections()).isZero();
            assertThat(acceptor.pool().inUse()).isZero();
            assertThat(pool.inUse()).isZero();
            assertThat(server.leasesOpen() + clients.leasesOpen()).isZero();
        }
    }

    /** One conversation after the other, until all have been held. */
    private void hold(ConnectPool pool) {
        if (toHold == 0) {
            return;
        }
        toHold--;
        pool.connect(SERVER, 0, TimeUnit.NANOSECONDS, null,
                new CompletionHandler<StreamSocket, @Nullable Void>() {
                    @Override
                    public void completed(StreamSocket socket, @Nullable Void none) {
                        talk(socket, port(socket.localAddress()), true, () -> {
                            ended++;
                            hold(pool);
                        });
                    }

                    @Override
                    public void failed(Throwable cause, @Nullable Void none) {
                        connectsFailed++;
                        ended++;
                        hold(pool);
                    }
                });
    }

    private static int port(@Nullable SocketAddress address) {
        assertThat(address).isNotNull();
        return ((InetSocketAddress) address).getPort();
    }

    /** Who connects first and says nothing until all others have gone: it must not hinder them. */
    private final class Silent implements CompletionHandler<StreamSocket, @Nullable Void> {
        @Override
        public void completed(StreamSocket socket, @Nullable Void none) {
            silent = socket;
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            connectsFailed++;
            silentOver = true;
        }
    }

    private void talk(StreamSocket socket, int port, boolean client, Runnable over) {
        new End(socket, port, client, over).begin();
    }

    /** One end of a conversation. */
    private final class End {
        private final StreamSocket socket;
        private final int port;
        private final Runnable over;
        private final Sending sending;
        private final Hearing hearing;
        private int halves = 2;  // that are not done
        private boolean ended;

        End(StreamSocket socket, int port, boolean client, Runnable over) {
            this.socket = socket;
            this.port = port;
            this.over = over;
            Bytes forth = new Bytes(2 * port);
            Bytes back = new Bytes(2 * port + 1);
            sending = new Sending(simulation, socket, client ? forth : back, this::half,
                    this::broken);
            hearing = new Hearing(simulation, socket, client ? back : forth, this::half,
                    this::broken);
        }

        void begin() {
            hearing.next();
            sending.next();
        }

        private void half() {
            if (--halves == 0 && !ended) {
                if (simulation.draw(2) == 0) {
                    end();
                } else {
                    leave();
                }
            }
        }

        /** The socket goes back to its pool, and may soon have another connection. */
        private void leave() {
            ended = true;
            socket.disconnect(1, TimeUnit.SECONDS, null,
                    new CompletionHandler<StreamSocket, @Nullable Void>() {
                        @Override
                        public void completed(StreamSocket same, @Nullable Void none) {
                            over.run();
                        }

                        @Override
                        public void failed(Throwable cause, @Nullable Void none) {
                            socket.close();
                            over.run();
                        }
                    });
        }

        private void broken() {
            if (!ended) {
                assertThat(simulation.harmed(new InetSocketAddress("127.0.0.1", port)))
                        .as("the connection was harmed").isTrue();
                end();
            }
        }

        private void end() {
            ended = true;
            socket.close();
            over.run();
        }
    }

    /**
     * Cancels an operation some time later, perhaps when it is long over. What is over can be
     * cancelled no more, whatever lives in its slot by then.
     *
     * @param wanted false if it must not be cancelled while it is pending
     */
    static void cancelLater(Simulation simulation, StreamSocket socket, long id,
            BooleanSupplier pending, boolean wanted) {
        simulation.later(Duration.ofNanos(simulation.draw(2_000_000)), () -> {
            boolean was = pending.getAsBoolean();
            if (wanted || !was) {
                boolean cancelled = socket.cancel(id);
                assertThat(cancelled && !was).as("an operation that is over was cancelled")
                        .isFalse();
            }
        });
    }
}
