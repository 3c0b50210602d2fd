package io.proactor.engine.event;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The command queue and its wake-up under the schedules of two producers and a loop. A wake-up that
 * is lost leaves the loop parked for ever, which the model checker reports as a deadlock.
 *
 * <p>MUTATIONS
 */
final class CommandQueueModelTest {

    private static final int SCHEDULES = 500;

    /** A loop that parks where a real one waits for its selector. */
    private static final class Loop implements Runnable {
        final CommandQueue<String> commands = new CommandQueue<>(this::wakeUp);
        final Thread thread = new Thread(this);
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
            join(loop.thread);
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
            Thread producer = new Thread(() -> commands.offer("first"));
            producer.start();
            commands.offer("second");
            join(producer);
            require(wakeUps.get() == 1);
            commands.awake();
            require(commands.poll() != null);
            require(commands.poll() != null);
            require(commands.poll() == null);
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new AssertionError();
        }
    }
}
