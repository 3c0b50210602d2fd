package io.proactor.operation;

/**
 * Integers for results, boxed once. A {@code CompletionHandler<Integer, ?>} wants an object for
 * each count; this table keeps the usual ones, so that a read or write of up to 64 KiB allocates
 * nothing. It costs about 1.3 MB, once per JVM. {@link Integer#valueOf} itself keeps only −128
 * to 127.
 */
public final class BoxedCounts {

    private static final int MIN = -1;      // end of stream
    private static final int MAX = 65_536;  // the largest chunk a processor moves in one call
    private static final Integer[] TABLE = new Integer[MAX - MIN + 1];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            TABLE[i] = i + MIN;
        }
    }

    private BoxedCounts() {}

    /** Any thread. Returns the object for a count of -1 to {@link Integer#MAX_VALUE}. */
    public static Integer of(long count) {
        assert count >= MIN;
        assert count <= Integer.MAX_VALUE;
        return count <= MAX ? TABLE[(int) count - MIN] : Integer.valueOf((int) count);
    }
}
