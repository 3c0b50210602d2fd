package io.proactor.samples.soak;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a figure to come down, and for time to pass. */
final class Patience {

    private static final long LOOK_NANOS = 50_000_000;

    /** A figure that is looked at. */
    @FunctionalInterface
    interface Gauge {
        long read() throws IOException;
    }

    private Patience() {}

    /** Returns the figure once it is at most so large, or what it is when the time is over. */
    static long until(Gauge gauge, long most, int seconds) throws IOException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long seen = gauge.read();
        while (seen > most && System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            seen = gauge.read();
        }
        return seen;
    }

    /** Returns when a moment of {@link System#nanoTime} has come. */
    static void until(long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
    }
}
