package io.proactor.engine.uring;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.engine.uring.ffm.RingFactory;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Offers {@code uring} with the rings of a test, to that test. */
public final class RingsProvider implements ProcessorProvider {

    private static final String NAME = "uring-with-rings";

    // Set while a proactor is opened; a processor is opened by the thread that opens the proactor.
    private static final ThreadLocal<@Nullable RingFactory> OPENING = new ThreadLocal<>();

    /** For {@link java.util.ServiceLoader}. */
    public RingsProvider() {}

    /** Opens a proactor whose loops have rings of that factory. */
    static Proactor open(ProactorOptions options, RingFactory rings) throws IOException {
        OPENING.set(rings);
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
        RingFactory rings = OPENING.get();
        if (rings == null) {
            throw new IOException("This processor is for tests that bring their own rings.");
        }
        return UringProcessor.open(context, Availability.get().usable(), rings);
    }
}
