package io.proactor.samples.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The system's tools. A test whose tool is missing, or not allowed here, is skipped. */
final class Tool {

    private static final int END_SECONDS = 20;

    /** What goes on meanwhile. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private Tool() {}

    /** Runs a tool to its end. Skips the test if that does not succeed. */
    static void run(String... command) throws Exception {
        Process process = start(List.of(command));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeTrue(process.waitFor() == 0,
                String.join(" ", command) + " does not work here: " + said.strip());
    }

    /**
     * Has strace make calls of a running process fail, while {@code body} runs.
     *
     * @param calls which, such as {@code accept,accept4}
     * @param inject with what and when, such as {@code error=EMFILE:when=2..4}; counted by thread
     */
    static void inject(long pid, String calls, String inject, Body body) throws Exception {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-o", "/dev/null", "-e",
                "trace=" + calls, "-e", "inject=" + calls + ":" + inject, "-p", "" + pid));
        Process process = start(command);
        BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        Assumptions.assumeTrue(line != null && line.contains("attached"),
                "strace may not trace here: " + line);
        Thread rest = new Thread(() -> skip(out), "strace");
        rest.setDaemon(true);
        rest.start();
        try {
            body.run();
        } finally {
            process.destroy();  // it lets go of the server, which runs on
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /** So that strace does not stop because nobody reads what it says. */
    private static void skip(BufferedReader out) {
        try {
            while (out.readLine() != null) {
                // Which threads it has attached to is not of interest.
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return Assumptions.abort("there is no " + command.get(0) + " here");
        }
    }
}
