import io.proactor.engine.simulated.SimulatedProcessorProvider;
import io.proactor.spi.ProcessorProvider;

/**
 * Runs a program that uses the Proactor library in a world of its own, in which a seed decides what
 * comes next and what goes wrong: for tests. See {@link io.proactor.simulation.Simulation}.
 */
module io.proactor.simulated {
    requires transitive io.proactor.api;
    requires io.proactor.impl;
    requires static org.jspecify;

    exports io.proactor.simulation;

    provides ProcessorProvider with SimulatedProcessorProvider;
}
