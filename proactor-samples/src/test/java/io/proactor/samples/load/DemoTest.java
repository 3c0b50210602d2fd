package io.proactor.samples.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.samples.Child;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoTest {

    @Test
    void everyProcessorIsShownAndNothingFails() throws Exception {
        try (Child demo = Child.startWithoutInput(
                List.of("demo", "--seconds", "1", "--connections", "8"))) {
            assertThat(demo.exitCode()).as(demo.errors().toString()).isZero();
            List<String> output = demo.output();
            for (String processor : Proactor.processors().keySet()) {
                assertThat(output).anyMatch(line -> line.endsWith("processor " + processor)
                        || line.startsWith("processor " + processor + " does not run here: "));
            }
            assertThat(output).filteredOn(line -> line.startsWith("verified: "))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(line -> line.endsWith(" 0 errors"));
        }
    }
}
