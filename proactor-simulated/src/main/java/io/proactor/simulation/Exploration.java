package io.proactor.simulation;

import java.time.Duration;
import java.util.Objects;

/**
 * Many runs of one program, each with a seed of its own.
 *
 * <p>System properties change what a test does: {@code proactor.simulation.seed} runs that seed
 * only; {@code proactor.simulation.first} is the first seed, in place of 1; {@code
 * proactor.simulation.seeds} is how many there are, in place of what the test asks for; and {@code
 * proactor.simulation.minutes} runs, for that long, seeds that no run before has tried.
 *
 * @param seeds how many runs there were
 * @param steps how many things have happened in all of them
 * @param faults how many of them an application could notice
 * @param took how long it took
 */
public record Exploration(long seeds, long steps, long faults, Duration took) {

    /** The property that names the only seed to run. */
    public static final String SEED_PROPERTY = "proactor.simulation.seed";

    private static final String FIRST_PROPERTY = "proactor.simulation.first";
    private static final String COUNT_PROPERTY = "proactor.simulation.seeds";
    private static final String MINUTES_PROPERTY = "proactor.simulation.minutes";
    private static final int SEEDS_PER_MILLI_BITS = 10;  // more than any machine runs
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /**
     * Runs a program with seeds 1 up to {@code seeds}, or what the properties say instead.
     *
     * @throws SimulationFailedError at the first run that fails
     */
    public static Exploration of(long seeds, SimulationOptions options, Program program) {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(program, "program");
        Long only = Long.getLong(SEED_PROPERTY);
        long minutes = only != null ? 0 : Long.getLong(MINUTES_PROPERTY, 0);
        long first = only != null ? only : Long.getLong(FIRST_PROPERTY,
                minutes > 0 ? System.currentTimeMillis() << SEEDS_PER_MILLI_BITS : 1);
        long count = only != null ? 1
                : minutes > 0 ? Long.MAX_VALUE : Long.getLong(COUNT_PROPERTY, seeds);
        long begun = System.nanoTime();
        long done = 0;
        long steps = 0;
        long faults = 0;
        while (done < count
                && (minutes <= 0 || System.nanoTime() - begun < minutes * MINUTE_NANOS)) {
            SimulationResult result = Simulation.run(first + done++, options, program);
            steps += result.steps();
            faults += result.faults();
        }
        return new Exploration(done, steps, faults,
                Duration.ofNanos(System.nanoTime() - begun));
    }

    /** Returns how many seeds a minute it was. */
    public long seedsPerMinute() {
        return Math.round(seeds * 60e9 / Math.max(1, took.toNanos()));
    }

    @Override
    public String toString() {
        return seeds + " seeds, " + steps + " steps, " + faults + " faults in "
                + took.toMillis() + " ms: " + seedsPerMinute() + " seeds a minute";
    }
}
