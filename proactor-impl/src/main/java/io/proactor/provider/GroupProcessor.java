package io.proactor.provider;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the processor of a group: the one that is asked for, or the best that runs here. */
final class GroupProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(GroupProcessor.class);

    /** The name of a processor, as for {@code Proactor.open}. */
    private static final String PROPERTY = "proactor.processor";
    private static final String AUTO = "auto";

    /** Stands on the JDK's asynchronous channels, which may be this provider's own. */
    private static final String EXCLUDED = "nio2";

    private GroupProcessor() {}

    /**
     * @throws IOException if the processor that is asked for does not run here, or none does
     */
    static AsynchronousOperationProcessor open(ProcessorContext context) throws IOException {
        List<ProcessorProvider> providers = providers();
        String asked = asked(providers);
        List<String> passedOver = new ArrayList<>();
        for (ProcessorProvider provider : providers) {
            boolean candidate = asked.equals(AUTO) ? provider.preference() >= 0
                    : provider.name().equals(asked);
            if (!candidate || provider.name().equals(EXCLUDED)) {
                continue;
            }
            Optional<String> reason = provider.preparesSockets() ? provider.unavailable()
                    : Optional.of("it cannot set up a socket before it is connected");
            if (reason.isEmpty()) {
                try {
                    AsynchronousOperationProcessor opened = provider.open(context);
                    LOG.debug("Channels of a new group run on {}.{}", provider.name(),
                            passedOver.isEmpty() ? "" : " Not taken: " + passedOver);
                    return opened;
                } catch (IOException | IllegalArgumentException e) {
                    reason = Optional.of(String.valueOf(e.getMessage()));
                }
            }
            passedOver.add(provider.name() + ": " + reason.get());
        }
        throw new IOException(passedOver.isEmpty()
                ? "There is no processor named '" + asked + "' that channels could run on."
                : "No processor is available: " + String.join("; ", passedOver));
    }

    /** Returns the name that is asked for, or {@link #AUTO}. */
    private static String asked(List<ProcessorProvider> providers) {
        String asked = System.getProperty(PROPERTY, AUTO);
        if (!asked.equals(AUTO) && !asked.equals(EXCLUDED)) {
            return asked;
        }
        // What is excluded was meant for the rest of the program.
        return providers.stream().filter(ProcessorProvider::demanded)
                .map(ProcessorProvider::name).findFirst().orElse(AUTO);
    }

    private static List<ProcessorProvider> providers() {
        // The loader of the SPI, as for Proactor.open: what a thread or the caller sees is chance.
        return ServiceLoader.load(ProcessorProvider.class,
                        ProcessorProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(ProcessorProvider::preference))
                .toList();
    }
}
