package io.proactor.engine.simulated;

/**
 * What has happened: the last of it in words, and all of it in a hash, which is the same exactly if
 * two runs were.
 */
final class Trace {

    /** Kept for a failure: what led to it is seldom longer ago. */
    private static final int KEPT = 256;

    private static final long FNV_PRIME = 0x100000001b3L;

    private final String[] texts = new String[KEPT];
    private final long[] steps = new long[KEPT];
    private final long[] nanos = new long[KEPT];
    private final long[] first = new long[KEPT];
    private final long[] second = new long[KEPT];
    private long count;
    private long hash = 0xcbf29ce484222325L;

    /** Two numbers, and a constant that says what they are. */
    void add(long step, long elapsedNanos, String text, long a, long b) {
        int at = (int) (count++ & KEPT - 1);
        texts[at] = text;
        steps[at] = step;
        nanos[at] = elapsedNanos;
        first[at] = a;
        second[at] = b;
        mix(elapsedNanos);
        mix(text.hashCode());
        mix(a);
        mix(b);
    }

    private void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
        hash ^= hash >>> 29;
    }

    long hash() {
        return hash;
    }

    /** Returns the last events, a line each, the oldest first. */
    String tail(int lines) {
        StringBuilder text = new StringBuilder();
        for (long i = Math.max(0, count - Math.min(lines, KEPT)); i < count; i++) {
            int at = (int) (i & KEPT - 1);
            text.append("  step ").append(steps[at]).append(", ").append(nanos[at] / 1_000)
                    .append(" us: ").append(texts[at]).append(' ').append(first[at]);
            text.append(' ').append(second[at]).append('\n');
        }
        return text.toString();
    }
}
