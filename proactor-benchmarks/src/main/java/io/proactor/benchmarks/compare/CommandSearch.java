package io.proactor.benchmarks.compare;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds programs where the shell would. */
final class CommandSearch {

    private CommandSearch() {}

    /** Returns where a program is, or null if it is nowhere on the PATH. */
    static @Nullable Path find(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
