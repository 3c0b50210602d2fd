package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UpperCaseServerTest {

    /** The server that is tested: answers each byte with its upper case. */
    private record Session(StreamSocket socket, ByteBuffer buffer)
            implements CompletionHandler<Integer, Boolean> {

        static void serve(Acceptor acceptor) {
            acceptor.acceptAll(accepted -> {
                Session session = new Session(accepted.socket(), ByteBuffer.allocate(16));
                session.socket.read(session.buffer, true, session);
            });
        }

        @Override
        public void completed(Integer bytes, Boolean wasRead) {
            if (!wasRead) {
                socket.read(buffer.clear(), true, this);
            } else if (bytes < 0) {
                socket.close();
            } else {
                buffer.flip();
                for (int i = 0; i < buffer.limit(); i++) {
                    buffer.put(i, (byte) Character.toUpperCase(buffer.get(i)));
                }
                socket.write(buffer, false, this);
            }
        }

        @Override
        public void failed(Throwable cause, Boolean wasRead) {
            socket.close();
        }
    }

    /** A client that knows what it must get, unless a fault hits it. */
    private static final class Client implements CompletionHandler<StreamSocket, Object> {
        private final Simulation simulation;
        private boolean over;

        Client(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void completed(StreamSocket socket, Object none) {
            ByteBuffer answer = ByteBuffer.allocate(5);
            socket.write(ascii("hello"), null, new Step(socket, () -> { }));
            socket.readExactly(answer, null, new Step(socket, () -> {
                assertThat(answer.flip()).isEqualTo(ascii("HELLO"));
                over = true;
                socket.close();
            }));
        }

        @Override
        public void failed(Throwable cause, Object none) {
            assertThat(simulation.faults()).isPositive();
            over = true;
        }

        private final class Step implements CompletionHandler<Integer, Object> {
            private final StreamSocket socket;
            private final Runnable next;

            Step(StreamSocket socket, Runnable next) {
                this.socket = socket;
                this.next = next;
            }

            @Override
            public void completed(Integer bytes, Object none) {
                next.run();
            }

            @Override
            public void failed(Throwable cause, Object none) {
                assertThat(simulation.harmed(socket.localAddress())).isTrue();
                over = true;
                socket.close();
            }
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void everyClientIsAnsweredInUpperCase() {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", 7007);
        Exploration explored = Simulation.explore(10_000, simulation -> {
            try (Proactor proactor = Proactor.open()) {
                Session.serve(proactor.listen(server));
                List<Client> clients = new ArrayList<>();
                for (int i = 1 + simulation.draw(2); i > 0; i--) {
                    Client client = new Client(simulation);
                    clients.add(client);
                    proactor.connect(server, null, client);
                }
                assertThat(simulation.await(() -> clients.stream().allMatch(each -> each.over)))
                        .as("every client comes to its end").isTrue();
            }
        });
        System.out.println("upper case: " + explored);
    }
}
