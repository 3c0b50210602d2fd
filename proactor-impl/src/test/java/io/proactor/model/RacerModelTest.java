package io.proactor.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;

/** That the model checker sees what it is there to see, on the JDK that runs the tests. */
final class RacerModelTest {

    private static final class Counter {
        private volatile int value;

        void increment() {
            int before = value;
            value = before + 1;
        }
    }

    @Test
    void theCheckerFindsALostUpdate() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(200, () -> {
            Counter counter = new Counter();
            Racer other = Racer.start(counter::increment);
            counter.increment();
            Racer.finish(other);
            Racer.require(counter.value == 2);
        })).isInstanceOf(LincheckAssertionError.class);
    }

    @Test
    void theCheckerFindsAForgottenNotification() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(200, () -> {
            Object monitor = new Object();
            Racer waiter = Racer.start(() -> {
                synchronized (monitor) {
                    try {
                        monitor.wait();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            synchronized (monitor) {
                monitor.notify();
            }
            Racer.finish(waiter);
        })).isInstanceOf(LincheckAssertionError.class);
    }
}
