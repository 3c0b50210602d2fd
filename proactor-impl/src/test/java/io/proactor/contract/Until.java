package io.proactor.contract;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;

/**
 * Waits within a bound for what no handler tells: a gauge, a thread that ends, a descriptor that
 * the system closes in its own time.
 */
public final class Until {

    /** Long enough for a busy machine; a promise that is kept costs none of it. */
    public static final long PATIENCE_SECONDS = 20;

    private static final long LOOK_NANOS = 1_000_000;

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Until() {}

    /** Waits for the condition; fails with {@code what} if it does not come to hold. */
    public static void until(String what, Condition condition) throws Exception {
        if (!within(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS), condition)) {
            Assertions.fail("It did not come to hold: " + what);
        }
    }

    /** Waits for the condition; false if it does not come to hold within so many milliseconds. */
    public static boolean within(long millis, Condition condition) throws Exception {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }
}
