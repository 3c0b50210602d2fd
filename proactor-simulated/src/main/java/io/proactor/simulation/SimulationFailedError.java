package io.proactor.simulation;

/** A run has failed. The message says how, with which seed, and how to run it once more. */
public final class SimulationFailedError extends AssertionError {

    private static final long serialVersionUID = 1;

    private final long seed;

    SimulationFailedError(long seed, String message, Throwable cause) {
        super(message, cause);
        this.seed = seed;
    }

    /** Returns the seed that it failed with. */
    public long seed() {
        return seed;
    }
}
