package io.proactor.engine.nio2;

import io.proactor.contract.FaultInjection;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers {@code nio2} with calls that meet faults, to tests that ask for it by name. */
public final class FaultyNio2Provider implements ProcessorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FaultyNio2Provider() {}

    @Override
    public String name() {
        return "nio2" + FaultInjection.SUFFIX;
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
    public AsynchronousOperationProcessor open(ProcessorContext context) throws IOException {
        return Nio2Processor.open(context, new FaultyNio2Calls(FaultInjection.opening()));
    }
}
