package io.proactor.simulation;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.fuzz.WhereJazzerRuns;

/**
 * Operations that are initiated, completed, cancelled, timed out and closed in any order, in a
 * simulation whose every choice is the fuzzer's: what the program does next, whose handler is
 * called, what the network and the kernel do, and when time passes.
 */
@WhereJazzerRuns
final class LifeFuzzTest {

    private static final int STEPS_MAX = 50_000;  // ten times what a long program takes

    @FuzzTest
    void everyOperationEndsOnceAndAsItMay(byte[] choices) {
        Simulation.run(choices, SimulationOptions.defaults().withStepsMax(STEPS_MAX), new Lives());
    }
}
