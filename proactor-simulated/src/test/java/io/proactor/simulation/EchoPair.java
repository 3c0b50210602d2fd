package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Lease;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An echo server and clients of it, which know what they must get back. */
final class EchoPair implements Program {

    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 7);
    private static final int CLIENTS_MAX = 4;
    private static final int BYTES_MAX = 400;

    private final List<Client> clients = new ArrayList<>();
    private long failures;

    @Override
    public void run(Simulation simulation) throws Exception {
        try (Proactor server = Proactor.open(); Proactor client = Proactor.open()) {
            Acceptor acceptor = server.listen(SERVER);
            acceptor.acceptAll(accepted -> new Session(accepted.socket()).receive());
            int count = 1 + simulation.draw(CLIENTS_MAX);
            for (int i = 0; i < count; i++) {
                Client each = new Client(simulation, client, simulation.draw(BYTES_MAX));
                clients.add(each);
                simulation.later(Duration.ofMillis(simulation.draw(20)), each::begin);
            }
            boolean ended = simulation.await(() -> clients.stream().allMatch(each -> each.over));
            assertThat(ended).as("every client comes to its end").isTrue();
            assertThat(failures).as("failures without a fault")
                    .isLessThanOrEqualTo(simulation.faults());
            // The server's last handlers, so that the end of the proactors cuts nothing.
            acceptor.close();
            simulation.await(() -> false);
            assertThat(acceptor.connections()).isZero();
        }
    }

    private record Session(StreamSocket socket)
            implements CompletionHandler<@Nullable Lease, @Nullable Void> {

        void receive() {
            socket.receive(null, this);
        }

        @Override
        public void completed(@Nullable Lease lease, @Nullable Void none) {
            if (lease == null) {
                socket.close();
                return;
            }
            socket.write(lease, lease, new CompletionHandler<Integer, Lease>() {
                @Override
                public void completed(Integer bytes, Lease written) {
                    written.close();
                    receive();
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

    /** Sends bytes, ends its side, and reads until the end. */
    private final class Client {
        private final Simulation simulation;
        private final Proactor proactor;
        private final byte[] sent;
        private final ByteBuffer received = ByteBuffer.allocate(BYTES_MAX + 1);
        private boolean over;

        Client(Simulation simulation, Proactor proactor, int bytes) {
            this.simulation = simulation;
            this.proactor = proactor;
            sent = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                sent[i] = (byte) simulation.draw(256);
            }
        }

        void begin() {
            proactor.connect(SERVER, null, new CompletionHandler<StreamSocket, @Nullable Void>() {
                @Override
                public void completed(StreamSocket socket, @Nullable Void none) {
                    talk(socket);
                }

                @Override
                public void failed(Throwable cause, @Nullable Void none) {
                    failures++;
                    over = true;
                }
            });
        }

        private void talk(StreamSocket socket) {
            socket.write(ByteBuffer.wrap(sent), null, new CompletionHandler<Integer, Void>() {
                @Override
                public void completed(Integer bytes, Void none) {
                    assertThat(bytes).isEqualTo(sent.length);
                    socket.shutdownOutput();
                }

                @Override
                public void failed(Throwable cause, Void none) {
                    assertThat(simulation.harmed(socket.localAddress())).isTrue();
                }
            });
            read(socket);
        }

        private void read(StreamSocket socket) {
            socket.read(received, null, new CompletionHandler<Integer, Void>() {
                @Override
                public void completed(Integer bytes, Void none) {
                    check();
                    if (bytes < 0) {
                        assertThat(received.position()).isEqualTo(sent.length);
                        end(socket);
                    } else {
                        read(socket);
                    }
                }

                @Override
                public void failed(Throwable cause, Void none) {
                    assertThat(simulation.harmed(socket.localAddress())).isTrue();
                    check();
                    end(socket);
                }
            });
        }

        private void check() {
            int count = received.position();
            assertThat(Arrays.equals(received.array(), 0, count, sent, 0, count))
                    .as("what came back is what was sent").isTrue();
        }

        private void end(StreamSocket socket) {
            over = true;
            socket.close();
        }
    }
}
