package io.proactor.simulation;

/**
 * What may go wrong in a simulation, and how long it may take. A seed decides which of it does.
 *
 * @param resets connections may be reset at any moment, or be gone when they are accepted
 * @param refusals connects may be refused or time out though there is a listener
 * @param shortages there may be no descriptor, or no memory in the kernel, for a while
 * @param trickles bytes may arrive in small pieces and late, calls may move fewer bytes than they
 *     could, and readiness may be reported wrongly
 * @param stepsMax how many steps a run may take; one that takes more has failed. At least 1
 */
public record SimulationOptions(boolean resets, boolean refusals, boolean shortages,
        boolean trickles, long stepsMax) {

    private static final long STEPS_MAX = 200_000;  // 50 times what the echo server's test needs

    /** Checks the bound. */
    public SimulationOptions {
        if (stepsMax < 1) {
            throw new IllegalArgumentException("stepsMax must be at least 1, not " + stepsMax);
        }
    }

    /** Returns all faults, and 200,000 steps. */
    public static SimulationOptions defaults() {
        return new SimulationOptions(true, true, true, true, STEPS_MAX);
    }

    /**
     * Returns options without any fault that an application can notice: what it initiates succeeds,
     * however late and in however small pieces.
     */
    public static SimulationOptions withoutFailures() {
        return new SimulationOptions(false, false, false, true, STEPS_MAX);
    }

    /** Returns a copy with another {@link #stepsMax}. */
    public SimulationOptions withStepsMax(long stepsMax) {
        return new SimulationOptions(resets, refusals, shortages, trickles, stepsMax);
    }
}
