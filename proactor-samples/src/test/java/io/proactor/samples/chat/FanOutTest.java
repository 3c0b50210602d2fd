package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import io.proactor.samples.Peer;
import io.proactor.samples.Setup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two hundred clients talk, twenty of them never read. The server's JVM has 64 MB. */
final class FanOutTest {

    private static final int LISTENERS = 180;
    private static final int SILENT = 20;

    /**
     * With 180 lines in a round, a third of the cap. What waits for a listener counts until the
     * handlers of its writes have run, which may be after it has read, so rounds can overlap.
     */
    private static final int LINE_BYTES = 500;

    /** In all half a megabyte for each, which is more than the cap and the system's buffers. */
    private static final int ROUNDS = 6;

    private static final String TEXT = "x".repeat(LINE_BYTES);

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void everyListenerHearsEverySenderInOrderAndThoseWhoDoNotReadAreCut(Setup setup)
            throws Exception {
        try (Child server = Child.start(Child.arguments(setup.arguments(),
                "chat-server", "--port", "0"))) {
            int port = server.port();
            List<Peer> silent = new ArrayList<>();
            List<Listener> listeners = new ArrayList<>();
            for (int i = 0; i < SILENT; i++) {
                silent.add(Peer.connectNarrow(port));
            }
            for (int i = 0; i < LISTENERS; i++) {
                listeners.add(new Listener(Peer.connect(port)));
            }
            List<CountDownLatch> rounds = listen(listeners);
            talk(listeners, rounds);
            server.type("/stats\n");
            assertThat(server.line()).contains("clients: " + LISTENERS + ",")
                    .contains("slow readers cut: " + SILENT);
            for (Peer peer : silent) {
                peer.close();
            }
            for (Listener listener : listeners) {
                listener.peer.close();
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
        }
    }

    private static List<CountDownLatch> listen(List<Listener> listeners) throws IOException {
        List<CountDownLatch> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(new CountDownLatch(LISTENERS));
        }
        for (Listener listener : listeners) {
            listener.peer.lineWith("joined lobby");
            Thread thread = new Thread(() -> listener.run(rounds));
            thread.setDaemon(true);
            thread.start();
        }
        return rounds;
    }

    private static void talk(List<Listener> listeners, List<CountDownLatch> rounds)
            throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (Listener listener : listeners) {
                listener.peer.send("round " + round + " " + TEXT + "\n");
            }
            boolean heard = rounds.get(round).await(30, TimeUnit.SECONDS);
            assertThat(listeners).flatExtracting(listener -> listener.complaints).isEmpty();
            assertThat(heard).as("round " + round).isTrue();
        }
    }

    /** One client that reads, on a thread of its own. */
    private static final class Listener {
        private final Peer peer;
        private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
        private final Map<String, Integer> nextRound = new HashMap<>();

        Listener(Peer peer) {
            this.peer = peer;
        }

        void run(List<CountDownLatch> rounds) {
            int[] heard = new int[ROUNDS];
            try {
                while (heard[ROUNDS - 1] < LISTENERS) {
                    String line = peer.lineWith("] guest");
                    int round = round(line);
                    if (++heard[round] == LISTENERS) {
                        rounds.get(round).countDown();
                    }
                }
            } catch (IOException | AssertionError e) {
                complaints.add(e.toString());
            }
        }

        /** Returns the round that a line belongs to, after checking the order of its sender's. */
        private int round(String line) {
            String[] words = line.split(" ");  // [lobby] guest7: round 3 xxx
            int round = Integer.parseInt(words[3]);
            int expected = nextRound.merge(words[1], 1, Integer::sum) - 1;
            if (round != expected || !words[4].equals(TEXT)) {
                complaints.add("not round " + expected + ": " + line);
            }
            return round;
        }
    }
}
