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

    private static final long LOOK_NANOS = 1_000_000;  // a millisecond: looks are counted as such

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

    /**
     * Waits for the condition; false if it does not come to hold within so many milliseconds. They
     * are counted in looks, not by the clock: a machine that stood still for seconds has looked
     * once, and what is waited for has as much time afterwards as it had before.
     */
    public static boolean within(long millis, Condition condition) throws Exception {
        for (long looks = 0; !condition.holds(); looks++) {
            if (looks >= millis) {
                return false;
            }
            look(System.nanoTime() + LOOK_NANOS);
        }
        return true;
    }

    private static void look(long atNanos) {
        for (long left = LOOK_NANOS; left > 0; left = atNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);  // may return early
        }
    }
}
