package io.proactor.benchmarks.compare;

import java.util.concurrent.TimeUnit;

/**
 * When nothing more is begun.
 *
 * @param endNanos of {@link System#nanoTime}
 */
record TimeLimit(long endNanos) {

    static TimeLimit inMinutes(double minutes) {
        return new TimeLimit(
                System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1)));
    }

    boolean over() {
        return System.nanoTime() - endNanos > 0;
    }

    /** Throws if it is over. */
    void check() throws Unavailable {
        if (over()) {
            throw new Unavailable("the time that was given was over");
        }
    }
}
