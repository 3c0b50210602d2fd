package io.proactor.simulation;

/** What is run in a simulation: an ordinary program, with its servers and clients. */
@FunctionalInterface
public interface Program {

    /**
     * Opens proactors, starts servers and clients, and may wait for them.
     *
     * <p>Threads: the simulation's only one, outside of all handlers.
     *
     * @throws Exception then the run has failed
     */
    void run(Simulation simulation) throws Exception;
}
