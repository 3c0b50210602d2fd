package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.simulation.Exploration;
import io.proactor.simulation.Simulation;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The chat server, unchanged, under thousands of schedules. */
final class ChatSimulationTest {

    @Test
    void everyLineReachesEveryListenerInItsOrder() {
        AtomicInteger cuts = new AtomicInteger();
        Exploration explored = Simulation.explore(300, simulation -> {
            SimulatedChat chat = new SimulatedChat();
            chat.run(simulation);
            if (chat.slowReaderCut()) {
                cuts.incrementAndGet();
            }
        });
        System.out.println("chat: " + explored + "; slow readers cut in " + cuts);
        if (explored.seeds() > 100) {
            assertThat(cuts.get()).as("runs in which a slow reader was cut").isPositive();
        }
    }
}
