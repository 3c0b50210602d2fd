package io.proactor.samples.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.proactor.samples.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class IdleTest {

    /** What a connection holds in objects; a buffer of any use would be more than the bound. */
    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void idleConnectionsHoldNoBuffer(String processor) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "there is no /proc to look at");
        try (Child idle = Child.startWithoutInput(
                List.of("idle", "--connections", "500", "--processor", processor))) {
            assertThat(idle.exitCode()).as(idle.errors().toString()).isZero();
            String line = idle.output().get(0);
            assertThat(line).matches("processor=" + processor + " connections=500 resident=-?\\d+"
                    + " bytes each, of which \\d+ are objects in use");
            int objects = Integer.parseInt(line.replaceAll(".*which (\\d+) are.*", "$1"));
            assertThat(objects).isLessThan(4_096);
        }
    }
}
