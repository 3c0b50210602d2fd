package io.proactor.contract;

/**
 * The seed of a test that makes random choices: {@code -Dproactor.test.seed}, or else a new one for
 * each run. It is printed, so that a failure can be repeated as far as threads allow.
 */
final class Seed {

    private Seed() {}

    /** Returns the seed for a test, and prints it. */
    static long of(String test) {
        long seed = Long.getLong("proactor.test.seed", System.nanoTime());
        System.out.println(test + ": -Dproactor.test.seed=" + seed);
        return seed;
    }
}
