package io.proactor.engine.nio2;

import io.proactor.engine.event.FirstConnection;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers the processor {@code nio2}, which runs wherever the JDK has asynchronous channels. */
public final class Nio2ProcessorProvider implements ProcessorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public Nio2ProcessorProvider() {}

    @Override
    public String name() {
        return "nio2";
    }

    @Override
    public int preference() {
        return 30;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) throws IOException {
        FirstConnection.make();
        return Nio2Processor.open(context, Nio2Calls.DIRECT);
    }
}
