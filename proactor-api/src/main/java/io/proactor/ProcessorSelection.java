package io.proactor;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Chooses a processor by name or by preference, and opens it.
 *
 * @param name of the processor that was opened
 * @param processor which runs
 * @param passedOver why those before it were not taken, a clause each
 */
record ProcessorSelection(String name, AsynchronousOperationProcessor processor,
        List<String> passedOver) {

    /**
     * @throws IllegalArgumentException if there is no processor of that name, or it cannot do what
     *     the context asks for
     * @throws IOException if it does not run here, or none does
     */
    static ProcessorSelection open(String name, ProcessorContext context) throws IOException {
        List<ProcessorProvider> providers = providers();
        return name.equals(ProactorOptions.AUTO) ? openBest(providers, context)
                : openNamed(name, providers, context);
    }

    private static ProcessorSelection openNamed(String name, List<ProcessorProvider> providers,
            ProcessorContext context) throws IOException {
        for (ProcessorProvider provider : providers) {
            if (provider.name().equals(name)) {
                return openOnly(provider, context);
            }
        }
        throw new IllegalArgumentException("There is no processor named '" + name + "'; there are: "
                + providers.stream().map(ProcessorProvider::name).collect(Collectors.joining(", "))
                + ".");
    }

    private static ProcessorSelection openOnly(ProcessorProvider provider,
            ProcessorContext context) throws IOException {
        Optional<String> reason = provider.unavailable();
        if (reason.isPresent()) {
            throw new ProcessorUnavailableException("The processor " + provider.name()
                    + " is not available: " + reason.get());
        }
        return new ProcessorSelection(provider.name(), provider.open(context), List.of());
    }

    private static ProcessorSelection openBest(List<ProcessorProvider> providers,
            ProcessorContext context) throws IOException {
        for (ProcessorProvider provider : providers) {
            if (provider.demanded()) {
                return openOnly(provider, context);
            }
        }
        List<String> passedOver = new ArrayList<>();
        for (ProcessorProvider provider : providers) {
            if (provider.preference() < 0) {
                continue;
            }
            Optional<String> reason = provider.unavailable();
            if (reason.isPresent()) {
                passedOver.add(provider.name() + ": " + reason.get());
                continue;
            }
            try {
                return new ProcessorSelection(provider.name(), provider.open(context), passedOver);
            } catch (IOException e) {
                passedOver.add(provider.name() + ": " + e.getMessage());
            }
        }
        throw new ProcessorUnavailableException(passedOver.isEmpty()
                ? "No processor is installed; is proactor-impl on the class path or module path?"
                : "No processor is available: " + String.join("; ", passedOver));
    }

    /** Returns each processor that is installed, the best first, and why it does not run here. */
    static Map<String, Optional<String>> installed() {
        Map<String, Optional<String>> found = new LinkedHashMap<>();
        for (ProcessorProvider provider : providers()) {
            if (provider.preference() >= 0) {
                found.put(provider.name(), provider.unavailable());
            }
        }
        return found;
    }

    private static List<ProcessorProvider> providers() {
        // The loader of this class, not of the thread: applications in containers set the latter to
        // one that does not see the library's own parts.
        return ServiceLoader.load(ProcessorProvider.class, Proactor.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(ProcessorProvider::preference))
                .toList();
    }
}
