package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The simulation itself. */
final class SimulationTest {

    @Test
    void everyByteComesBackWhateverTheScheduleAndTheFaults() {
        Exploration explored = Simulation.explore(2_000, simulation ->
                new EchoPair().run(simulation));
        System.out.println("echo: " + explored);
        assertThat(explored.seeds()).isPositive();
    }

    @Test
    void theSameSeedMakesTheSameRun() {
        for (long seed = 1; seed <= 100; seed++) {
            SimulationResult one = Simulation.run(seed, new EchoPair());
            SimulationResult other = Simulation.run(seed, new EchoPair());
            assertThat(other).isEqualTo(one);
        }
    }
}
