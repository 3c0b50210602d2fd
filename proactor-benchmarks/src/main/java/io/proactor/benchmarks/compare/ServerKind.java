package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.util.List;

/**
 * A server that can be compared.
 *
 * @param name as it is typed and printed
 * @param description a few words
 * @param inspected true exactly when it is a JVM that answers questions about itself
 * @param command makes the command that starts it
 */
public record ServerKind(String name, String description, boolean inspected, Command command) {

    /** Makes a command, or says why there is none here. */
    @FunctionalInterface
    public interface Command {
        /** Returns the command, without pinning. */
        List<String> make() throws IOException, InterruptedException, Unavailable;
    }
}
