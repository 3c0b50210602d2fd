package io.proactor.fuzz;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.util.Optional;

/** Offers {@link MemoryProcessor} to those who ask for it by name. */
public final class MemoryProvider implements ProcessorProvider {

    static final String NAME = "memory";

    /** For {@link java.util.ServiceLoader}. */
    public MemoryProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int preference() {
        return -1;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) {
        return new MemoryProcessor(context);
    }
}
