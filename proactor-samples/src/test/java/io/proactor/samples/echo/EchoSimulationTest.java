package io.proactor.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.simulation.Exploration;
import io.proactor.simulation.Simulation;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The echo server, unchanged, under thousands of schedules. */
final class EchoSimulationTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 7007);

    @Test
    void everyByteComesBack() {
        Exploration explored = Simulation.explore(500, EchoSimulationTest::talk);
        System.out.println("echo: " + explored);
        assertThat(explored.steps()).isPositive();
    }

    private static void talk(Simulation simulation) throws Exception {
        try (Proactor server = Proactor.open(); Proactor clients = Proactor.open()) {
            Acceptor acceptor = server.listen(SERVER);
            // Without limits of time: a connection that hangs is not to be closed, but found.
            EchoServer.serve(acceptor, new EchoLimits(Duration.ZERO, Duration.ZERO));
            List<Client> talking = new ArrayList<>();
            for (int i = 1 + simulation.draw(4); i > 0; i--) {
                Client client = new Client(simulation, 1 + simulation.draw(500));
                talking.add(client);
                clients.connect(SERVER, null, client);
            }
            assertThat(simulation.await(() -> talking.stream().allMatch(each -> each.over)))
                    .as("every client comes to its end").isTrue();
        }
    }

    /** Sends some bytes and gets them back, exactly; a fault may end that. */
    private static final class Client implements CompletionHandler<StreamSocket, @Nullable Void> {
        private final Simulation simulation;
        private final byte[] sent;
        private boolean over;

        Client(Simulation simulation, int bytes) {
            this.simulation = simulation;
            sent = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                sent[i] = (byte) simulation.draw(256);
            }
        }

        @Override
        public void completed(StreamSocket socket, @Nullable Void none) {
            ByteBuffer received = ByteBuffer.allocate(sent.length);
            socket.write(ByteBuffer.wrap(sent), null, new Ended(socket, null));
            socket.readExactly(received, null, new Ended(socket, received));
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            assertThat(simulation.faults()).isPositive();
            over = true;
        }

        /** Of the write, or, with a buffer, of the read. */
        private final class Ended implements CompletionHandler<Integer, @Nullable Void> {
            private final StreamSocket socket;
            private final @Nullable ByteBuffer received;

            Ended(StreamSocket socket, @Nullable ByteBuffer received) {
                this.socket = socket;
                this.received = received;
            }

            @Override
            public void completed(Integer bytes, @Nullable Void none) {
                assertThat(bytes).isEqualTo(sent.length);
                if (received != null) {
                    assertThat(received.array()).isEqualTo(sent);
                    end();
                }
            }

            @Override
            public void failed(Throwable cause, @Nullable Void none) {
                assertThat(simulation.harmed(socket.localAddress())).isTrue();
                end();
            }

            private void end() {
                over = true;
                socket.close();
            }
        }
    }
}
