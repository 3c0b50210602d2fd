package io.proactor.engine.simulated;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.util.Optional;

/** Makes the processor of the simulation that runs on the current thread. */
public final class SimulatedProcessorProvider implements ProcessorProvider {

    private static final int NEVER_UNASKED = -1;

    /** For {@link java.util.ServiceLoader}. */
    public SimulatedProcessorProvider() {}

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public int preference() {
        return NEVER_UNASKED;
    }

    @Override
    public Optional<String> unavailable() {
        return World.current() != null ? Optional.empty()
                : Optional.of("no simulation is running on this thread.");
    }

    /** In a simulation, a program that names no processor gets this one. */
    @Override
    public boolean demanded() {
        return World.current() != null;
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) {
        World world = World.current();
        if (world == null) {
            throw new IllegalArgumentException("No simulation is running on this thread.");
        }
        return new SimulatedProcessor(world, context);
    }
}
