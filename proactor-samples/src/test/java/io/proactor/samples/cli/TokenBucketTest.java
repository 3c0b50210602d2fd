package io.proactor.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenBucketTest {

    private static final long MILLI = 1_000_000L;

    /** Clocks of nanoTime may start anywhere, and overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000_000_000L, -5, Long.MAX_VALUE - 10 * MILLI, Long.MIN_VALUE})
    void aSecondsWorthAtOnceAndThenOneByOne(long start) {
        TokenBucket bucket = new TokenBucket(20, start);
        assertThat(taken(bucket, start, 100)).isEqualTo(20);
        assertThat(taken(bucket, start + 49 * MILLI, 100)).isZero();
        assertThat(taken(bucket, start + 50 * MILLI, 100)).isEqualTo(1);
        assertThat(taken(bucket, start + 150 * MILLI, 100)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 60_000, 100L * 365 * 24 * 3600 * 1000})
    void aPauseIsWorthASecondAtMost(long pauseMillis) {
        TokenBucket bucket = new TokenBucket(20, 0);
        assertThat(taken(bucket, 0, 100)).isEqualTo(20);
        assertThat(taken(bucket, pauseMillis * MILLI, 100)).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20})
    void inTheLongRunTheRateIsKept(int perSecond) {
        TokenBucket bucket = new TokenBucket(perSecond, 0);
        int taken = 0;
        for (long now = 0; now < 60_000; now++) {
            taken += taken(bucket, now * MILLI, 2);
        }
        assertThat(taken).isBetween(60 * perSecond, 61 * perSecond);
    }

    private static int taken(TokenBucket bucket, long now, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += bucket.take(now) ? 1 : 0;
        }
        return taken;
    }
}
