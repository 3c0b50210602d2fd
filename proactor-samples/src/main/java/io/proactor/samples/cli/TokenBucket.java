package io.proactor.samples.cli;

/**
 * Allows so many events per second, and as many at once after a pause. Not thread-safe: its
 * owner says what keeps its calls apart.
 */
public final class TokenBucket {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long nanosPerToken;
    private final long nanosMax;

    // invariant: 0 <= creditNanos <= nanosMax. A token is a credit of nanosPerToken.
    private long creditNanos;
    private long lastNanos;

    /** Makes a full bucket. The times are in nanoseconds. */
    public TokenBucket(int tokensPerSecond, long nowNanos) {
        nanosPerToken = NANOS_PER_SECOND / tokensPerSecond;
        nanosMax = nanosPerToken * tokensPerSecond;
        creditNanos = nanosMax;
        lastNanos = nowNanos;
    }

    /** Takes a token; returns false if there is none. */
    public boolean take(long nowNanos) {
        long elapsed = Math.max(0, nowNanos - lastNanos);
        lastNanos = nowNanos;
        creditNanos += Math.min(elapsed, nanosMax - creditNanos);
        assert creditNanos >= 0;
        assert creditNanos <= nanosMax;
        if (creditNanos < nanosPerToken) {
            return false;
        }
        creditNanos -= nanosPerToken;
        return true;
    }
}
