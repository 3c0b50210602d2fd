package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How many connections a listener takes if nobody says. */
final class DescriptorLimitTest {

    private static final int MAX = 5_000_000;

    @Test
    void fourFifthsOfTheDescriptorsLessTheReserve() {
        assertThat(DescriptorLimit.connectionsMax(OptionalLong.of(20_000), MAX)).isEqualTo(15_936);
        assertThat(DescriptorLimit.connectionsMax(OptionalLong.of(1_024), MAX)).isEqualTo(752);
    }

    @Test
    void atLeastOneAndAtMostWhatAListenerTakes() {
        assertThat(DescriptorLimit.connectionsMax(OptionalLong.of(10), MAX)).isEqualTo(1);
        assertThat(DescriptorLimit.connectionsMax(OptionalLong.of(1L << 40), MAX)).isEqualTo(MAX);
        assertThat(DescriptorLimit.connectionsMax(OptionalLong.empty(), MAX)).isEqualTo(16_384);
    }

    @Test
    void softLimitIsTheOneThatCounts() {
        assertThat(DescriptorLimit.limit(List.of("Limit   Soft Limit  Hard Limit  Units",
                "Max open files            1024                 524288               files")))
                .hasValue(1_024);
        assertThat(DescriptorLimit.limit(List.of("Max open files  unlimited  unlimited  files")))
                .isEmpty();
        assertThat(DescriptorLimit.limit(List.of("Max open files"))).isEmpty();
        assertThat(DescriptorLimit.limit(List.of())).isEmpty();
    }

    @Test
    void defaultIsWhatFitsIntoThisProcess() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        assumeTrue(Files.exists(limits), "no /proc here");
        OptionalLong limit = DescriptorLimit.limit(Files.readAllLines(limits));
        assertThat(ListenOptions.defaults().connectionsMax())
                .isEqualTo(DescriptorLimit.connectionsMax(limit, MAX));
    }
}
