package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of docs/how-to-simulation.md is a test of this build. */
final class HowToSimulationTest {

    /** Surefire runs the tests of a module in the module's folder. */
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @Test
    void exampleOfTheGuideIsTheTestThatRuns() throws IOException {
        String guide = Files.readString(MODULE.resolveSibling("docs/how-to-simulation.md"));
        String test = Files.readString(MODULE.resolve(
                "src/test/java/io/proactor/simulation/UpperCaseServerTest.java"));
        String body = test.substring(test.indexOf("final class"));
        assertThat(guide).contains("```java\n" + body + "```");
    }
}
