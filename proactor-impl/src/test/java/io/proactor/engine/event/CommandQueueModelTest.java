package io.proactor.engine.event;

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

    private static final int SCHEDULES = 300;

    /** A loop that parks where a real one waits for its selector. */
    private static final class Loop implements Runnable {
        final CommandQueue<String> commands = new CommandQueue<>(this::wakeUp);
        private final int expected;
        private final Thread thread = new Thread(this);
        private volatile boolean woken;  // what a selector remembers of a wake-up
        private int polled;
        private int naps;

        Loop(int expected) {
            this.expected = expected;
        }

        private void wakeUp() {
            woken = true;
            LockSupport.unpark(thread);
        }

        @Override
        public void run() {
            while (polled < expected) {
                if (commands.poll() != null) {
                    polled++;
                    continue;
                }
                naps++;
                if (commands.nap()) {
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
    void noWakeUpIsLostAndNoNapHasTwo() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loop loop = new Loop(2);
            loop.thread.start();
            Thread producer = new Thread(() -> loop.commands.offer("first"));
            producer.start();
            loop.commands.offer("second");
            join(producer);
            join(loop.thread);
            if (loop.polled != 2 || !loop.commands.isEmpty()) {
                throw new AssertionError("a command is lost or came twice");
            }
            if (loop.commands.wakeUps() > loop.naps) {
                throw new AssertionError("more wake-ups than naps");
            }
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
