package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.RingFaults;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/**
 * Offers {@code uring} on a kernel that is late, busy and out of order, and does nothing wrong:
 * what an application must not notice.
 */
public final class DisturbedProvider implements ProcessorProvider {

    static final String NAME = "uring-disturbed";

    /** For {@link java.util.ServiceLoader}. */
    public DisturbedProvider() {}

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
        return Optional.ofNullable(Availability.get().refusal());
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) throws IOException {
        return UringProcessor.open(context, Availability.get().usable(), disturbances().factory());
    }

    static RingFaults disturbances() {
        long seed = Long.getLong("proactor.test.seed", System.nanoTime());
        return new RingFaults(seed).with(Fault.INTERRUPT, 5).with(Fault.DELAY, 20)
                .with(Fault.FULL, 10).with(Fault.OVERFLOW, 5).with(Fault.BUSY, 5)
                .with(Fault.NO_BUFFERS, 5).with(Fault.CLEAR_MORE, 5).with(Fault.REPEAT, 2);
    }
}
