package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process said before it ended. */
final class LastWords {

    private static final int CHARACTERS_MAX = 200;

    private LastWords() {}

    /** Returns the line of a log that says most: the first of a Java exception, or the last. */
    static String of(Path log) throws IOException {
        String line = "";
        for (String next : Files.readString(log, StandardCharsets.ISO_8859_1).split("\n")) {
            if (next.startsWith("Caused by: ") || next.startsWith("Exception in ")
                    || !next.isBlank() && !next.startsWith("\t")) {
                line = next.strip();
            }
        }
        return line.length() <= CHARACTERS_MAX ? line : line.substring(0, CHARACTERS_MAX);
    }
}
