package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The simulation itself. */
final class SimulationTest {

    @Test
    void everyByteComesBackWhateverTheScheduleAndTheFaults() {
        Exploration explored = Simulation.explore(500, simulation ->
                new EchoPair().run(simulation));
        System.out.println("echo: " + explored);
        assertThat(explored.seeds()).isPositive();
    }

    @Test
    void everythingAtOnceComesToItsEnd() {
        Exploration explored = Simulation.explore(700, simulation ->
                new Medley().run(simulation));
        System.out.println("medley: " + explored);
        assertThat(explored.seeds()).isPositive();
    }

    @Test
    void theSameSeedMakesTheSameRun() {
        for (long seed = 1; seed <= 100; seed++) {
            SimulationResult one = Simulation.run(seed, new Medley());
            SimulationResult other = Simulation.run(seed, new Medley());
            assertThat(other).isEqualTo(one);
        }
    }
}
