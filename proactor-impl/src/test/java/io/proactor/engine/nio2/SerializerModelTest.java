package io.proactor.engine.nio2;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The serializer under the schedules of threads that leave messages. Whoever is last out must have
 * seen everything: nobody is left who would look again.
 *
 * <p>Each of these changes makes a test fail: signalling with a read and a store, or not at all
 * while it is held; letting go with a store; looking before the signal is taken back; running on a
 * signal that finds it held.
 */
final class SerializerModelTest {

    private static final int SCHEDULES = Schedules.of(300);

    /** Flags that signallers raise, and a member that takes them down. */
    private static final class Model implements Serializer.Member {
        final Serializer serializer = new Serializer(this, Runnable::run);
        private volatile boolean first;
        private volatile boolean second;
        private volatile boolean third;
        private volatile boolean inside;
        private int seen;  // guarded by the serializer

        void signalFirst() {
            first = true;
            serializer.signal();
        }

        void signalSecond() {
            second = true;
            serializer.signal();
        }

        void signalThird() {
            third = true;
            serializer.signal();
        }

        @Override
        public void onTurn() {
            require(!inside);
            inside = true;
            if (first) {
                first = false;
                seen++;
            }
            if (second) {
                second = false;
                seen++;
            }
            if (third) {
                third = false;
                seen++;
            }
            inside = false;
        }

        @Override
        public void onFailure(Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    @Test
    void everyMessageOfTwoThreadsIsSeenByOneAtATime() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            Racer racer = Racer.start(model::signalFirst);
            model.signalSecond();
            finish(racer);
            require(model.seen == 2);
        });
    }

    @Test
    void everyMessageOfThreeThreadsIsSeenByOneAtATime() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            Racer one = Racer.start(model::signalFirst);
            Racer other = Racer.start(model::signalSecond);
            model.signalThird();
            finish(one);
            finish(other);
            require(model.seen == 3);
        });
    }
}
