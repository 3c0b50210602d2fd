package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.simulation.Program;
import io.proactor.simulation.Simulation;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The chat server with guests who talk, one of whom may not listen. */
final class SimulatedChat implements Program {

    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 7008);
    private static final int LINES = 6;           // of each guest: fewer than come too fast
    private static final int SLOW_READER_BYTES = 1_000;

    private final List<SimulatedGuest> guests = new ArrayList<>();
    private final Set<SimulatedGuest> gaps = new LinkedHashSet<>();  // who has not heard a line
    private boolean slowReaderCut;

    @Override
    public void run(Simulation simulation) throws Exception {
        try (Proactor server = Proactor.open(); Proactor clients = Proactor.open()) {
            Acceptor acceptor = server.listen(SERVER);
            ChatServer chat = new ChatServer(server, SLOW_READER_BYTES, Duration.ZERO);
            chat.serve(acceptor);
            int count = 2 + simulation.draw(3);
            for (int i = 0; i < count; i++) {
                guests.add(new SimulatedGuest(simulation, "guest-" + (char) ('a' + i), false));
            }
            SimulatedGuest deaf = new SimulatedGuest(simulation, "deaf", true);
            if (simulation.draw(2) == 0) {
                deaf.enter(clients, SERVER);
            }
            guests.forEach(each -> each.enter(clients, SERVER));
            assertThat(simulation.await(() -> guests.stream().allMatch(SimulatedGuest::settled)))
                    .as("everybody enters, or is refused").isTrue();
            talk(simulation, chat);
            leave(simulation, chat);
            slowReaderCut = chat.slowReaders() > 0;
            deaf.hangUp();
            simulation.await(() -> acceptor.connections() == 0);
            assertThat(acceptor.connections()).as("connections at the end").isZero();
        }
    }

    private void talk(Simulation simulation, ChatServer chat) {
        guests.forEach(each -> say(simulation, each, 0));
        simulation.await(() -> guests.stream().allMatch(this::heardAll));
        for (SimulatedGuest each : guests) {
            assertThat(heardAll(each)).as(each.name() + " has heard everybody: " + guests).isTrue();
        }
        assertThat(simulation.await(() -> gaps.stream().allMatch(SimulatedGuest::over)))
                .as("whoever has not heard a line is cut").isTrue();
        assertThat(gaps.size()).isLessThanOrEqualTo((int) chat.slowReaders());
    }

    /** One line after the other, each when it comes to that. */
    private static void say(Simulation simulation, SimulatedGuest speaker, int number) {
        if (number < LINES) {
            simulation.later(Duration.ofMillis(simulation.draw(20)), () -> {
                speaker.send(number + " " + "x".repeat(simulation.draw(200)));
                say(simulation, speaker, number + 1);
            });
        }
    }

    /**
     * A guest without a fault hears each line of each guest without one, in their order. One that
     * lets a line wait for too long is cut for that, and may hear later lines before it is.
     */
    private boolean heardAll(SimulatedGuest listener) {
        if (lost(listener) || gaps.contains(listener)) {
            return true;
        }
        for (SimulatedGuest speaker : guests) {
            List<String> lines = listener.heardFrom(speaker);
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).startsWith(i + " ")) {
                    gaps.add(listener);
                    return true;
                }
            }
            if (!lost(speaker) && lines.size() < LINES) {
                return false;
            }
        }
        return true;
    }

    /** Nothing more reaches it, or not all that it says reaches the others. */
    private static boolean lost(SimulatedGuest guest) {
        return guest.harmed() || guest.over();
    }

    private void leave(Simulation simulation, ChatServer chat) {
        Duration begun = simulation.elapsed();
        guests.forEach(each -> each.send("/quit"));
        assertThat(simulation.await(() -> guests.stream().allMatch(SimulatedGuest::over)))
                .as("everybody leaves").isTrue();
        Duration taken = simulation.elapsed().minus(begun);
        if (taken.toSeconds() >= ChatLimits.FAREWELL_SECONDS) {
            return;  // the server does not wait longer than that for last lines to arrive
        }
        long withoutGoodbye = guests.stream()
                .filter(each -> !each.harmed() && !each.heardWith("Goodbye, " + each.name()))
                .count();
        assertThat(withoutGoodbye).as("cut though they had read, and were not harmed: " + guests)
                .isLessThanOrEqualTo(chat.slowReaders());
    }

    boolean slowReaderCut() {
        return slowReaderCut;
    }
}
