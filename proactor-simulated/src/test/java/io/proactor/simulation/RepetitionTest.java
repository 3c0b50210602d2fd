package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a failed run says of how to repeat it. */
final class RepetitionTest {

    private static final String OF_ALL = " -am -Dsurefire.failIfNoSpecifiedTests=false";

    @TempDir
    private Path folder;

    @Test
    void failedRunTellsTheCommandThatRunsItsSeedAgain() {
        assertThatThrownBy(() -> Simulation.run(7, simulation -> {
            throw new AssertionError("planted");
        })).isInstanceOf(SimulationFailedError.class).message().endsWith(
                "\nmvn test -pl proactor-simulated" + OF_ALL + " -Dtest='RepetitionTest#"
                        + "failedRunTellsTheCommandThatRunsItsSeedAgain'"
                        + " -Dproactor.simulation.seed=7");
    }

    @Test
    void theTestIsNamedWhereItsProgramRunsOnAThreadOfItsOwn() throws InterruptedException {
        String[] command = new String[1];
        Thread thread = new Thread(() -> command[0] = Repetition.command(1));
        thread.start();
        thread.join();
        assertThat(command[0]).contains(" -Dtest='RepetitionTest#"
                + "theTestIsNamedWhereItsProgramRunsOnAThreadOfItsOwn' ");
    }

    @Test
    void projectOnItsOwnIsNoModule() throws IOException {
        Path project = Files.createDirectory(folder.resolve("alone"));
        assertThat(Repetition.module(project)).isEmpty();
        Files.writeString(folder.resolve("pom.xml"), "<module>another</module>");
        assertThat(Repetition.module(project)).isEmpty();
    }

    @Test
    void modulesOfModulesAreNamedFromTheTop() throws IOException {
        Path middle = Files.createDirectory(folder.resolve("middle"));
        Path project = Files.createDirectory(middle.resolve("deep"));
        Files.writeString(folder.resolve("pom.xml"), "<module>middle</module>");
        Files.writeString(middle.resolve("pom.xml"), "<module>deep</module>");
        assertThat(Repetition.module(middle)).isEqualTo(" -pl middle" + OF_ALL);
        assertThat(Repetition.module(project)).isEqualTo(" -pl middle/deep" + OF_ALL);
    }
}
