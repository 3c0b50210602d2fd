package io.proactor.simulation;

import java.time.Duration;

/**
 * What a run that has not failed was like.
 *
 * @param seed what it was made from
 * @param steps how many things have happened
 * @param elapsed how much time has passed in it
 * @param faults how many of them an application could notice
 * @param traceHash the same for two runs exactly if they were the same
 */
public record SimulationResult(long seed, long steps, Duration elapsed, long faults,
        long traceHash) {}
