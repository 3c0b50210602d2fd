package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C5 of the faults: io_uring_enter fails, injected by strace, which needs a JVM of its own. */
final class EnterErrorTest {

    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path folder;

    @BeforeAll
    static void onlyWhereThereIsARing() throws Exception {
        RingBench.open().enabled().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EINTR", "EAGAIN", "EBUSY", "ETIME"})
    void passingErrorsLoseNothing(String error) throws Exception {
        assertThat(run(error + ":when=2+3")).isEqualTo("COMPLETED " + NopProgram.NOPS);
    }

    @Test
    void lostCompletionBreaksTheRing() throws Exception {
        assertThat(run("EBADR:when=7")).isEqualTo("BROKEN EBADR (53)");
    }

    private String run(String injected) throws Exception {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o",
                folder.resolve("trace").toString(), "-e", "trace=io_uring_enter", "-e",
                "inject=io_uring_enter:error=" + injected));
        Assumptions.assumeTrue(traces(command), "strace is not there, or may not trace here");
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-ea", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), NopProgram.class.getName()));
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
