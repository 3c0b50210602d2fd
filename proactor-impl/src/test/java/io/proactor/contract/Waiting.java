package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A thread that waits for an operation, and what came of it. */
final class Waiting {

    private final Thread thread;

    // Written by the thread before it ends.
    private Object value;
    private Throwable thrown;
    private boolean interrupted;

    /** Starts a thread that makes the call. */
    Waiting(Callable<?> call) {
        thread = new Thread(() -> {
            try {
                value = call.call();
            } catch (Throwable e) {
                thrown = e;
            }
            interrupted = Thread.interrupted();
        }, "contract-waiting");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until the thread does. */
    void awaitParked() throws Exception {
        Until.until("the thread waits", () -> thread.getState() == Thread.State.WAITING);
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits for the end of the call, and returns what it threw, or null. */
    Throwable thrown() throws InterruptedException {
        end();
        return thrown;
    }

    /** Waits for the end of the call, and returns what it returned. */
    Object value() throws InterruptedException {
        end();
        return value;
    }

    /** Waits for the end of the call; true if it left the thread interrupted. */
    boolean interruptedAfterwards() throws InterruptedException {
        end();
        return interrupted;
    }

    private void end() throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(Until.PATIENCE_SECONDS));
        assertThat(thread.isAlive()).as("the call has not ended").isFalse();
    }
}
