package io.proactor.engine.queue;

import io.proactor.contract.FaultInjection;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers {@code queue} with calls that meet faults, to tests that ask for it by name. */
public final class FaultyQueueProvider implements ProcessorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FaultyQueueProvider() {}

    @Override
    public String name() {
        return "queue" + FaultInjection.SUFFIX;
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
        return QueueProcessor.open(context, new FaultySelectorCalls(FaultInjection.opening()));
    }
}
