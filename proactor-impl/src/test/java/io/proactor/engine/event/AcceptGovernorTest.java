package io.proactor.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class AcceptGovernorTest {

    private static final IOException ABORTED = new IOException("Software caused connection abort");
    private static final IOException NO_DESCRIPTORS = new IOException("Too many open files");

    private final AcceptGovernor governor = new AcceptGovernor();

    @Test
    void aConnectionThatWentWrongByItselfIsPassedOverAtOnce() {
        for (int i = 0; i < 10; i++) {
            assertThat(governor.failed(ABORTED)).isZero();
        }
    }

    @Test
    void pausesGrowButEndWithin200MillisecondsOfTheShortage() {
        long total = 0;
        int attempts = 0;
        long last = 0;
        while (total < 500_000_000) {
            last = governor.failed(NO_DESCRIPTORS);
            assertThat(last).isBetween(10_000_000L, 200_000_000L);
            total += last;
            attempts++;
        }
        assertThat(attempts).isLessThanOrEqualTo(10);
    }

    @Test
    void aSuccessForgetsTheShortage() {
        long first = governor.failed(NO_DESCRIPTORS);
        governor.failed(NO_DESCRIPTORS);
        governor.succeeded();
        assertThat(governor.failed(NO_DESCRIPTORS)).isEqualTo(first);
    }

    @Test
    void whatNeverEndsIsTakenForAShortage() {
        long paused = 0;
        for (int i = 0; i < 20; i++) {
            paused += governor.failed(ABORTED);
        }
        assertThat(paused).isPositive();
    }

    @Test
    void aFailureWithoutTextPauses() {
        assertThat(governor.failed(new IOException())).isPositive();
    }
}
