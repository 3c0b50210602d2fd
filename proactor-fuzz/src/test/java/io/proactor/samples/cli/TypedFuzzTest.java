package io.proactor.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.fuzz.WhereJazzerRuns;
import java.nio.charset.StandardCharsets;

/** What is typed on a command line, and what a peer or the system said that is made a sentence. */
@WhereJazzerRuns
final class TypedFuzzTest {

    @FuzzTest
    void addressIsUnderstoodOrRefusedInASentence(byte[] data) {
        String typed = new String(data, StandardCharsets.UTF_8);
        try {
            HostAndPort address = HostAndPort.of("--to", typed, 1);
            assertThat(address.port()).isBetween(1, 65_535);
            assertThat(address.host()).isNotEmpty();
            assertThat(HostAndPort.of("--to", address.toString(), 1)).isEqualTo(address);
        } catch (UsageException e) {
            assertThat(e.getMessage()).startsWith("--to must be").endsWith(".");
        }
    }

    @FuzzTest
    void everyMessageBecomesOneSentence(byte[] data) {
        String message = new String(data, StandardCharsets.UTF_8);
        String sentence = OneSentence.sentence(new Exception(message));
        assertThat(sentence).endsWith(".").isNotBlank();
        assertThat(sentence.chars().noneMatch(c -> c == '\n' || c == '\r' || c == 0x1b)).isTrue();
        assertThat(OneSentence.sentence(new Exception(sentence))).isEqualTo(sentence);
    }
}
