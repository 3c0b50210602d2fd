package io.proactor.contract;

/**
 * How often a test that races goes round: as often as the normal run has time for, times {@code
 * -Dproactor.test.rounds}, which the profile {@code faults} sets.
 */
final class Rounds {

    private static final int FACTOR = Integer.getInteger("proactor.test.rounds", 1);

    private Rounds() {}

    static int of(int normal) {
        return normal * FACTOR;
    }
}
