package io.proactor.engine.queue;

import io.proactor.engine.event.FirstConnection;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers the processor {@code queue}, which runs wherever the JDK has selectors: everywhere. */
public final class QueueProcessorProvider implements ProcessorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public QueueProcessorProvider() {}

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public int preference() {
        return 20;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public boolean preparesSockets() {
        return true;
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) throws IOException {
        FirstConnection.make();
        return QueueProcessor.open(context, SelectorCalls.DIRECT);
    }
}
