package io.proactor.engine.uring;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.util.Optional;

/**
 * Stands where Java is older than 22, so that this JAR may lie on any class path or module path:
 * says that the processor {@code uring} does not run here, and why.
 */
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
        return Optional.of(setting().equals("off") ? "it is switched off by -Dproactor.uring=off"
                : "it needs Java 22 or later, and this is Java " + Runtime.version().feature());
    }

    @Override
    public boolean demanded() {
        return setting().equals("on");
    }

    private static String setting() {
        return System.getProperty("proactor.uring", "auto");
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) {
        throw new AssertionError("asked although it does not run here");
    }
}
