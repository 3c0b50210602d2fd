package io.proactor.samples.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The soak runs as programs, on a small scale; what they show on a large one is measured. */
@EnabledOnOs(OS.LINUX)
final class SoakTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "shutdown --processor queue --rounds 2 --connections 5",
        "slow --processor queue --slow 3 --quick 2 --seconds 1 --p99-millis 10000",
        "fan-out --processor queue --listening 4 --stalled 0 --rate 8 --seconds 1"})
    void aRunThatTheServerStandsPasses(String command) throws Exception {
        try (Child run = soak(command)) {
            List<String> output = run.output();
            assertThat(run.exitCode()).as("%s", output).isZero();
            assertThat(output).last().isEqualTo("passed");
        }
    }

    @Test
    void aRuleThatDoesNotHoldFails() throws Exception {
        try (Child run = soak("slow --slow 0 --quick 1 --seconds 1 --p99-millis 0")) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.output()).anyMatch(line -> line.startsWith("FAILED milliseconds, p99"))
                    .last().isEqualTo("FAILED");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle --connections 0", "churn --rate 0", "fan-out --bytes 100000",
        "overload --connections 0", "shutdown --rounds 0", "slow --quick 0"})
    void whatCannotBeHadIsRefused(String command) throws Exception {
        try (Child run = soak(command)) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.errors()).anyMatch(line -> line.contains(" must be between "));
        }
    }

    private static Child soak(String command) throws Exception {
        return Child.startWithoutInput(List.of(("soak " + command).split(" ")));
    }

    @Test
    void oneRuleThatFailsIsEnough() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Verdict verdict = new Verdict(new PrintStream(out, true, StandardCharsets.UTF_8));
        verdict.atMost("as much", 2, 2);
        verdict.atLeast("as little", 2, 2);
        verdict.exactly("the same", 2, 2);
        assertThat(verdict.exitCode()).isZero();
        verdict.atMost("too much", 2.5, 2);
        verdict.told("whatever", 3);
        assertThat(verdict.exitCode()).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("FAILED too much").doesNotContain("FAILED as").contains("2.50");
    }
}
