package io.proactor.packaged;

import io.proactor.Proactor;
import io.proactor.spi.ProcessorProvider;
import java.util.ServiceLoader;

/**
 * Says what each provider that is found thinks of this place, and opens the best. Run by
 * {@link PackagedJarTest}.
 */
final class ProviderProgram {

    private ProviderProgram() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("java " + Runtime.version().feature());
        for (ProcessorProvider provider : ServiceLoader.load(ProcessorProvider.class)) {
            System.out.println(provider.name() + " in "
                    + (provider.getClass().getModule().isNamed() ? "module" : "class path") + ": "
                    + provider.unavailable().orElse("available"));
        }
        // Loads and runs what is chosen, which may be more than its module may reach.
        try (Proactor proactor = Proactor.open()) {
            System.out.println("opened " + proactor.processor());
        }
    }
}
