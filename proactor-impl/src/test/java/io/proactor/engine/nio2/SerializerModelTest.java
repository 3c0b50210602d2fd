package io.proactor.engine.nio2;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The serializer under the schedules of two threads that leave messages. Whoever is last out must
 * have seen everything: nobody is left who would look again.
 */
final class SerializerModelTest {

    private static final int SCHEDULES = 1_000;

    /** Two flags that signallers raise, and a member that takes them down. */
    private static final class Model implements Serializer.Member {
        final Serializer serializer = new Serializer(this, Runnable::run);
        volatile boolean first;
        volatile boolean second;
        private volatile int inside;
        private int seen;

        @Override
        public void onTurn() {
            require(inside == 0);
            inside = 1;
            if (first) {
                first = false;
                seen++;
            }
            if (second) {
                second = false;
                seen++;
            }
            inside = 0;
        }

        @Override
        public void onFailure(Throwable thrown) {
            throw new AssertionError(thrown);
        }

        private static void require(boolean condition) {
            if (!condition) {
                throw new AssertionError("two threads are inside");
            }
        }
    }

    @Test
    void everyMessageIsSeenByOneThreadAtATime() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            Thread other = new Thread(() -> {
                model.first = true;
                model.serializer.signal();
            });
            other.start();
            model.second = true;
            model.serializer.signal();
            join(other);
            if (model.seen != 2) {
                throw new AssertionError("a message was forgotten: " + model.seen);
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
