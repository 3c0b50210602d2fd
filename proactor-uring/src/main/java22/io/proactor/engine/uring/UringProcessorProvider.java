package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers the processor {@code uring} where {@link Probe} finds that it runs. */
public final class UringProcessorProvider implements ProcessorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public UringProcessorProvider() {}

    @Override
    public String name() {
        return "uring";
    }

    @Override
    public int preference() {
        return 10;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.ofNullable(Availability.get().refusal());
    }

    @Override
    public boolean demanded() {
        return Availability.get().demanded();
    }

    @Override
    public boolean preparesSockets() {
        return true;
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) throws IOException {
        try {
            return UringProcessor.open(context, Availability.get().usable(), KernelRing::open);
        } catch (SystemCallException e) {
            // What the probe found there may have been used up since.
            throw new IOException(Refusals.explain(e), e);
        }
    }
}
