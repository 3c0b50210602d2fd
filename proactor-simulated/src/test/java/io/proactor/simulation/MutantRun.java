package io.proactor.simulation;

import java.util.function.LongFunction;

/** What is run of a {@link Mutant}, inside its own class loader. */
public final class MutantRun implements LongFunction<String> {

    /** Called by reflection. */
    public MutantRun() {}

    /** Returns the first seed that fails, and how it does; empty if none of so many does. */
    @Override
    public String apply(long seeds) {
        for (long seed = 1; seed <= seeds; seed++) {
            try {
                Simulation.run(seed, new Medley());
            } catch (SimulationFailedError e) {
                return "seed " + seed + ": " + String.valueOf(e.getCause()).lines().findFirst()
                        .orElse("");
            }
        }
        return "";
    }
}
