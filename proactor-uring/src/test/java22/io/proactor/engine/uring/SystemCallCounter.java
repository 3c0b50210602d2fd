package io.proactor.engine.uring;

import io.proactor.contract.Until;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the system calls of another process from now to its end: in the kernel by perf(1), which
 * slows nothing, or else by strace(1), which makes the process slower and so its batches larger.
 */
final class SystemCallCounter {

    private static final long LIMIT_SECONDS = 20;

    /** The count of a line of perf: {@code 12345,,raw_syscalls:sys_enter,...}. */
    private static final Pattern PERF = Pattern.compile("(?m)^(\\d+),[^,]*,raw_syscalls:sys_enter");

    /** The sum at the end of strace: {@code 100.00 0.123456 3 12345 67 total}. */
    private static final Pattern STRACE =
            Pattern.compile("(?m)^\\s*100\\.00\\s+\\S+\\s+(?:\\d+\\s+)?(\\d+)\\s.*total$");

    private final Process tool;
    private final Path output;
    private final Pattern pattern;

    private SystemCallCounter(Process tool, Path output, Pattern pattern) {
        this.tool = tool;
        this.output = output;
        this.pattern = pattern;
    }

    /** Returns which tool there is: perf, strace, or none. */
    static String tool(Path folder) throws Exception {
        if (succeeds(folder, "perf", "stat", "-e", "raw_syscalls:sys_enter", "true")) {
            return "perf";
        }
        return succeeds(folder, "strace", "-c", "-f", "true") ? "strace" : "none";
    }

    private static boolean succeeds(Path folder, String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("trial").toFile()).start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Begins to count; returns when each call counts. */
    static SystemCallCounter of(Process process, String tool, Path folder) throws Exception {
        Path output = folder.resolve("count");
        String pid = Long.toString(process.pid());
        List<String> command = tool.equals("perf")
                ? List.of("perf", "stat", "-x", ",", "-e", "raw_syscalls:sys_enter", "-o",
                        output.toString(), "-p", pid)
                : List.of("strace", "-c", "-f", "-o", output.toString(), "-p", pid);
        Path said = folder.resolve("said");
        Process started = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        if (tool.equals("perf")) {
            Until.until("perf counts", () -> events(started) > 0);
        } else {
            Until.until("strace has attached",
                    () -> Files.readString(said).contains("attached"));
        }
        return new SystemCallCounter(started, output,
                tool.equals("perf") ? PERF : STRACE);
    }

    private static int events(Process perf) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                Path.of("/proc/" + perf.pid() + "/fd"))) {
            for (Path entry : entries) {
                try {
                    count += Files.readSymbolicLink(entry).toString().contains("perf_event")
                            ? 1 : 0;
                } catch (IOException e) {
                    count += 0;  // closed since the directory was listed
                }
            }
        }
        return count;
    }

    /** Returns the count, once the process has ended. */
    long count() throws Exception {
        if (!tool.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            tool.destroyForcibly();
            throw new AssertionError("The tool goes on although its process has ended.");
        }
        String text = Files.readString(output);
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("No count in: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
