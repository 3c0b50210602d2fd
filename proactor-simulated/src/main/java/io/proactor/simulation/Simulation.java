package io.proactor.simulation;

import io.proactor.engine.simulated.Limits;
import io.proactor.engine.simulated.World;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * A world in which a program runs whose every accident is decided by a seed: which connection's
 * bytes arrive first and how many at once, whose handler is called next, when time passes, and what
 * goes wrong. The same seed makes the same run, so a failure can be looked at again.
 *
 * <p>In it {@link io.proactor.Proactor#open()} gives a proactor of the processor {@code simulated}.
 * All proactors of one simulation share a network; addresses and ports are what they are elsewhere,
 * but nothing leaves the simulation. Timers and timeouts wait for the simulation's clock, which the
 * program reads by {@link io.proactor.Proactor#nanoTime()}.
 *
 * <p>After the program has returned, the simulation goes on until nothing can happen any more. Then
 * every operation that could end must have, and after the end of all proactors each must have led
 * to its handler, once, and nothing may be left: no descriptor, no buffer, no deadline.
 *
 * <p>Threads: one does everything, the one that called {@link #run}. A program that has threads of
 * its own use a proactor is told so. A handler that throws fails the run.
 */
public final class Simulation {

    private static final byte[] NO_BYTES = {};

    private final World world;
    private final long seed;
    private final List<Runnable> endChecks = new ArrayList<>();

    private Simulation(World world, long seed) {
        this.world = world;
        this.seed = seed;
    }

    /**
     * Runs a program with everything that may go wrong.
     *
     * @throws SimulationFailedError if the program threw, a handler did, or something did not hold
     * @throws IllegalStateException inside a simulation
     */
    public static SimulationResult run(long seed, Program program) {
        return run(seed, SimulationOptions.defaults(), program);
    }

    /**
     * Runs a program.
     *
     * @throws SimulationFailedError if the program threw, a handler did, or something did not hold
     * @throws IllegalStateException inside a simulation
     */
    public static SimulationResult run(long seed, SimulationOptions options, Program program) {
        return run(seed, NO_BYTES, options, program);
    }

    /**
     * Runs a program in a world that bytes decide, as far as they go, and then a seed that is
     * always the same: for a fuzzer, which learns what bytes do.
     *
     * @throws SimulationFailedError if the program threw, a handler did, or something did not hold
     * @throws IllegalStateException inside a simulation
     */
    static SimulationResult run(byte[] choices, SimulationOptions options, Program program) {
        return run(1, choices, options, program);
    }

    private static SimulationResult run(long seed, byte[] choices, SimulationOptions options,
            Program program) {
        Objects.requireNonNull(program, "program");
        World world = World.enter(seed, choices, new Limits(options.resets(), options.refusals(),
                options.shortages(), options.trickles(), options.stepsMax()));
        Simulation simulation = new Simulation(world, seed);
        try {
            program.run(simulation);
            world.rest();
            simulation.endChecks.forEach(Runnable::run);
            world.end();
            return new SimulationResult(seed, world.steps(),
                    Duration.ofNanos(world.elapsedNanos()), world.harms(), world.traceHash());
        } catch (Throwable e) {
            throw simulation.failed(e);
        } finally {
            world.leave();
        }
    }

    /** Runs a program with seeds 1 up to {@code seeds}; see {@link Exploration}. */
    public static Exploration explore(long seeds, Program program) {
        return Exploration.of(seeds, SimulationOptions.defaults(), program);
    }

    private SimulationFailedError failed(Throwable cause) {
        String message = "Seed " + seed + " failed at step " + world.steps() + ", after "
                + world.elapsedNanos() / 1_000 + " us of simulated time: " + cause
                + "\n" + world.story() + "Run it again, in the folder of the whole project, with:\n"
                + Repetition.command(seed);
        return new SimulationFailedError(seed, message, cause);
    }

    /** Returns the seed of this run. */
    public long seed() {
        return seed;
    }

    /** Returns a number from 0 up to {@code bound} - 1, which the seed decides. */
    public int draw(int bound) {
        return world.draw(bound);
    }

    /** Has something run by itself, outside of all handlers, after a delay. */
    public void later(Duration delay, Runnable body) {
        world.later(delay.toNanos(), Objects.requireNonNull(body, "body"));
    }

    /**
     * Lets things happen until a condition holds. To be called by the program, not by a handler.
     *
     * @return false if nothing can happen any more, and it does not hold
     */
    public boolean await(BooleanSupplier condition) {
        return world.runUntil(condition);
    }

    /**
     * Lets things happen until nothing can any more. To be called by the program, not by a handler.
     *
     * @throws AssertionError if an operation hangs that could end
     */
    public void rest() {
        world.rest();
    }

    /** Has something be checked when nothing can happen any more. What it throws fails the run. */
    public void atEnd(Runnable check) {
        endChecks.add(Objects.requireNonNull(check, "check"));
    }

    /** Returns how much time has passed in the simulation. */
    public Duration elapsed() {
        return Duration.ofNanos(world.elapsedNanos());
    }

    /** Returns how many faults there have been that an application can notice. */
    public long faults() {
        return world.harms();
    }

    /**
     * True if a fault has hit a connection, so that a failure on it is no bug.
     *
     * @param client the address of the end that connected
     */
    public boolean harmed(SocketAddress client) {
        return world.harmed(client);
    }
}
