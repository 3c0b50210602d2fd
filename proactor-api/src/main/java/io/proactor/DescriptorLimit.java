package io.proactor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.StringTokenizer;

/** How many connections fit where the system limits the open files of a process. */
final class DescriptorLimit {

    /** Where the limit cannot be known: what fits into one of 20,000, with room to spare. */
    static final int CONNECTIONS_UNKNOWN = 16_384;

    /** For listeners, selectors, rings, class files and logs. */
    private static final int RESERVE = 64;

    /** See proc(5), "/proc/pid/limits"; the soft limit is the one that counts, getrlimit(2). */
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String OPEN_FILES = "Max open files";

    private DescriptorLimit() {}

    /**
     * Returns four fifths of the limit less the reserve, at least 1 and at most {@code max}. The
     * JVM has raised the limit to its hard bound at its start (option MaxFDLimit).
     */
    static int connectionsMax(int max) {
        return connectionsMax(limit(), max);
    }

    static int connectionsMax(OptionalLong limit, int max) {
        long fit = limit.isPresent() ? limit.getAsLong() / 5 * 4 - RESERVE : CONNECTIONS_UNKNOWN;
        return (int) Math.max(1, Math.min(max, fit));
    }

    private static OptionalLong limit() {
        try {
            return limit(Files.readAllLines(LIMITS, StandardCharsets.US_ASCII));
        } catch (IOException | SecurityException e) {
            return OptionalLong.empty();  // not Linux, or no descriptor is left to look
        }
    }

    /** Returns the soft limit of open files; empty if there is none, or it is not told. */
    static OptionalLong limit(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith(OPEN_FILES)) {
                StringTokenizer words = new StringTokenizer(line.substring(OPEN_FILES.length()));
                String soft = words.hasMoreTokens() ? words.nextToken() : "";
                boolean number = !soft.isEmpty() && soft.length() < 18
                        && soft.chars().allMatch(c -> c >= '0' && c <= '9');
                return number ? OptionalLong.of(Long.parseLong(soft)) : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }
}
