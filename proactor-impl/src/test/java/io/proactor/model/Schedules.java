package io.proactor.model;

/**
 * How many schedules a model test tries: as many as the normal run has time for, times {@code
 * -Dproactor.test.rounds}, which the profile {@code models} sets.
 */
public final class Schedules {

    private static final int FACTOR = Integer.getInteger("proactor.test.rounds", 1);

    private Schedules() {}

    /** Returns the number for a test that tries so many in the normal run. */
    public static int of(int normal) {
        return normal * FACTOR;
    }
}
