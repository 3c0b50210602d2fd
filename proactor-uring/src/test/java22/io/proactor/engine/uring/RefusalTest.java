package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * T33: where io_uring is refused, another processor is taken and one log line says why; where it
 * is demanded, opening fails and says why. Each case is a JVM of its own.
 */
final class RefusalTest {

    private static final long LIMIT_SECONDS = 60;
    private static final String ALLOW = "--enable-native-access=ALL-UNNAMED";

    @TempDir
    Path folder;

    /** What a program printed. */
    private record Printed(List<String> lines) {

        String result() {
            return lines.stream().filter(line -> line.startsWith("OPENED")
                    || line.startsWith("REFUSED")).findFirst().orElse("NOTHING: " + lines);
        }

        List<String> reasons() {
            return lines.stream().filter(line -> line.contains("uring: ")).toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"EPERM, seccomp", "ENOSYS, without io_uring", "ENOMEM, ulimit -l",
        "EMFILE, ulimit -n", "EINVAL, Linux 6.1"})
    void refusedSetupFallsBackWithOneLine(String error, String advice) throws Exception {
        Printed printed = run(traced(error), List.of(ALLOW));
        assertThat(printed.result()).isEqualTo("OPENED queue");
        assertThat(printed.reasons()).singleElement().asString().contains(advice);
    }

    @Test
    void refusedSetupFailsWhereUringIsDemanded() throws Exception {
        Printed printed = run(traced("EPERM"), List.of(ALLOW, "-Dproactor.uring=on"));
        assertThat(printed.result())
                .startsWith("REFUSED io.proactor.ProcessorUnavailableException")
                .contains("EPERM").contains("seccomp");
    }

    @Test
    void refusedSetupFailsWhereUringIsNamed() throws Exception {
        Printed printed = run(traced("EPERM"), List.of(ALLOW, "-Dproactor.processor=uring"));
        assertThat(printed.result())
                .startsWith("REFUSED io.proactor.ProcessorUnavailableException")
                .contains("EPERM").contains("seccomp");
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM", "38, ENOSYS"})
    void seccompFilterFallsBackWithOneLine(String errno, String error) throws Exception {
        Printed printed = run(List.of(), List.of(ALLOW), errno);
        Assumptions.assumeFalse(printed.lines().contains("NO FILTER"), "no seccomp here");
        assertThat(printed.result()).isEqualTo("OPENED queue");
        assertThat(printed.reasons()).singleElement().asString().contains(error);
    }

    @Test
    void seccompFilterFailsWhereUringIsDemanded() throws Exception {
        Printed printed = run(List.of(), List.of(ALLOW, "-Dproactor.uring=on"), "1");
        Assumptions.assumeFalse(printed.lines().contains("NO FILTER"), "no seccomp here");
        assertThat(printed.result()).startsWith("REFUSED").contains("seccomp");
    }

    @Test
    void deniedNativeAccessNamesTheFlagThatIsMissing() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 24, "the flag is of Java 24");
        Printed printed = run(List.of(), List.of("--illegal-native-access=deny"));
        assertThat(printed.result()).isEqualTo("OPENED queue");
        assertThat(printed.reasons()).singleElement().asString().contains(ALLOW);
    }

    @Test
    void offIsNotEvenTried() throws Exception {
        Printed printed = run(List.of(),
                List.of("--illegal-native-access=deny", "-Dproactor.uring=off"));
        assertThat(printed.result()).isEqualTo("OPENED queue");
        assertThat(printed.reasons()).singleElement().asString()
                .contains("switched off by -Dproactor.uring=off");
    }

    /** Returns the beginning of a command under which setting up a ring fails. */
    private List<String> traced(String error) throws Exception {
        List<String> command = List.of("strace", "-f", "-qq", "-o",
                folder.resolve("trace").toString(), "-e", "trace=io_uring_setup", "-e",
                "inject=io_uring_setup:error=" + error);
        List<String> trial = new ArrayList<>(command);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            Assumptions.assumeTrue(process.waitFor() == 0, "strace may not trace here");
        } catch (IOException e) {
            Assumptions.abort("there is no strace here");
        }
        return command;
    }

    private Printed run(List<String> prefix, List<String> options, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-ea", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), OpeningProgram.class.getName()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Printed(Files.readAllLines(output));
    }
}
