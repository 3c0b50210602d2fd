package io.proactor.engine.event;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The command queue and its wake-up under the schedules of producers and a loop. A wake-up that is
 * lost leaves the loop parked for ever, which the model checker reports as a deadlock. It assumes
 * sequential consistency: that the fence is needed, only a litmus test can show.
 *
 * <p>Each of these changes makes a test fail: waking before the offer; a nap that looks at the
 * queue before it is announced; a wake-up that clears the nap without a compare-and-set.
 */
final class CommandQueueModelTest {

    private static final int SCHEDULES = Schedules.of(200);

    /** A loop that parks where a real one waits for its selector. */
    private static final class Loop implements Runnable {
        final CommandQueue<String> commands = new CommandQueue<>(this::wakeUp);
        final Racer thread = new Racer(this);
        private volatile boolean woken;  // what a selector remembers of a wake-up
        private volatile int polled;

        private void wakeUp() {
            woken = true;
            LockSupport.unpark(thread);
        }

        /** Until it has polled one command. */
        @Override
        public void run() {
            while (polled == 0) {
                if (commands.poll() != null) {
                    polled++;
                } else if (commands.nap()) {
                    while (!woken) {
                        LockSupport.park();
                    }
                    woken = false;
                    commands.awake();
                }
            }
        }
    }

    @Test
    void noWakeUpIsLost() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loop loop = new Loop();
            loop.thread.start();
            loop.commands.offer("command");
            finish(loop.thread);
            require(loop.polled == 1);
            require(loop.commands.isEmpty());
        });
    }

    @Test
    void aNapIsEndedOnceHoweverManyCommandsCome() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            AtomicInteger wakeUps = new AtomicInteger();
            CommandQueue<String> commands = new CommandQueue<>(wakeUps::incrementAndGet);
            require(commands.nap());
            Racer producer = Racer.start(() -> commands.offer("first"));
            commands.offer("second");
            finish(producer);
            require(wakeUps.get() == 1);
            commands.awake();
            require(commands.poll() != null);
            require(commands.poll() != null);
            require(commands.poll() == null);
        });
    }

    /** What the loop tells itself as it is about to nap, while another thread tells it something. */
    @Test
    void theLoopDoesNotNapOverItsOwnCommand() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            AtomicInteger wakeUps = new AtomicInteger();
            CommandQueue<String> commands = new CommandQueue<>(wakeUps::incrementAndGet);
            Racer producer = Racer.start(() -> commands.offer("other"));
            commands.offer("own", true);
            require(!commands.isEmpty());
            require(!commands.nap());
            require("own".equals(commands.poll()));
            finish(producer);
            require("other".equals(commands.poll()));
            require(commands.poll() == null);
            require(commands.nap());
        });
    }

    /** The others' share of a turn: a loop that keeps telling itself something hears them. */
    @Test
    void othersAreHeardHoweverMuchTheLoopTellsItself() {
        CommandQueue<String> commands = new CommandQueue<>(() -> { });
        for (int i = 0; i < 1_000; i++) {
            commands.offer("own", true);
        }
        commands.offer("other");
        int polls = 1;
        while (!"other".equals(commands.poll())) {
            polls++;
            require(polls <= 1_001);
        }
        int left = 0;
        while (commands.poll() != null) {
            left++;
        }
        require(polls + left == 1_001);
    }
}
