package io.proactor.engine.uring;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.engine.uring.ffm.RingFactory;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers {@code uring} with rings from a factory of the test that opens it. */
public final class WatchedUringProvider implements ProcessorProvider {

    private static final String NAME = "uring-watched";

    private record Parts(Features features, RingFactory factory) {}

    // Set while a proactor is opened; a processor is opened by the thread that opens the proactor.
    private static final ThreadLocal<Parts> OPENING = new ThreadLocal<>();

    /** For {@link java.util.ServiceLoader}. */
    public WatchedUringProvider() {}

    /** Opens a proactor whose rings come from this factory. */
    static Proactor open(ProactorOptions options, Features features, RingFactory factory)
            throws IOException {
        OPENING.set(new Parts(features, factory));
        try {
            return Proactor.open(options.withProcessor(NAME));
        } finally {
            OPENING.remove();
        }
    }

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
        Parts parts = OPENING.get();
        if (parts == null) {
            throw new IOException("This processor is for tests that watch rings.");
        }
        return UringProcessor.open(context, parts.features(), parts.factory());
    }
}
