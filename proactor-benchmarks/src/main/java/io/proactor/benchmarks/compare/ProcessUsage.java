package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a process has used since it began, read from proc(5).
 *
 * @param cpuNanos the time its living threads have run (schedstat; exact for threads that sleep)
 * @param userTicks of the whole process, in clock ticks (stat, field 14)
 * @param systemTicks likewise (stat, field 15)
 * @param waits how often its living threads went to sleep of their own will
 * @param residentBytes what is in memory now
 * @param threads how many there are
 */
record ProcessUsage(long cpuNanos, long userTicks, long systemTicks, long waits, long residentBytes,
        int threads) {

    /** Reads it now. Elsewhere than on Linux all is 0. */
    static ProcessUsage of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        if (!Files.exists(process)) {
            return new ProcessUsage(0, 0, 0, 0, 0, 0);
        }
        long cpuNanos = 0;
        long waits = 0;
        int threads = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                try {
                    cpuNanos += Long.parseLong(read(task.resolve("schedstat")).split(" ")[0]);
                    waits += field(read(task.resolve("status")), "voluntary_ctxt_switches:");
                    threads++;
                } catch (NoSuchFileException e) {
                    // The thread ended meanwhile.
                }
            }
        }
        String stat = read(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");  // from field 3 on
        long resident = field(read(process.resolve("status")), "VmRSS:") * 1024;
        return new ProcessUsage(cpuNanos, Long.parseLong(fields[11]), Long.parseLong(fields[12]),
                waits, resident, threads);
    }

    private static long field(String status, String name) {
        return Arrays.stream(status.split("\n")).filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+")[0])
                .mapToLong(Long::parseLong).findFirst().orElse(0);
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
