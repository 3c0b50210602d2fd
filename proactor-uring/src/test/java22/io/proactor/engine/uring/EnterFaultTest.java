package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C5: what the engine does when io_uring_enter itself fails, by strace. A JVM for each case. */
@EnabledIfAvailable
final class EnterFaultTest {

    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"EINTR", "EAGAIN", "EBUSY"})
    @DisplayName("C5 an enter that was disturbed is made again, and nobody notices")
    void disturbedEnterIsMadeAgain(String error) throws Exception {
        assertThat(run(error, "20+3")).endsWith("TRIPS 200 LOST 0 FAILURES 0");
    }

    @ParameterizedTest
    @CsvSource({"EBADR, 60", "EEXIST, 61", "EFAULT, 62"})
    @DisplayName("C5 an enter after which the ring is of no use costs the connections, and not the "
            + "processor")
    void brokenRingIsReplaced(String error, String when) throws Exception {
        String output = run(error, when);
        assertThat(output).contains("TRIPS 200 LOST 1 FAILURES ");
        assertThat(output).as("the listener was told").doesNotEndWith("FAILURES 0");
    }

    /** The threads are counted each by itself; the loop enters by far the most often. */
    private String run(String error, String when) throws Exception {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o",
                folder.resolve("trace").toString(), "-e", "trace=io_uring_enter", "-e",
                "inject=io_uring_enter:error=" + error + ":when=" + when));
        Assumptions.assumeTrue(traces(command), "strace is not there, or may not trace here");
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-ea", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), EchoProgram.class.getName()));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output).trim();
    }

    private static boolean traces(List<String> strace) throws Exception {
        List<String> trial = new ArrayList<>(strace);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
