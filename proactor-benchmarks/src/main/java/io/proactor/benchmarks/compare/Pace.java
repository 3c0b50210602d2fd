package io.proactor.benchmarks.compare;

/**
 * How long everything takes, in milliseconds.
 *
 * @param warmMillis load before anything is measured, for a server that compiles while it runs
 * @param settleMillis load before the first slice of a case
 * @param slices of a case
 * @param sliceMillis of a slice on the measured server; on the reference it is half as long
 */
record Pace(long warmMillis, long settleMillis, int slices, long sliceMillis) {

    /** A slice of a quarter of a second: short beside the drift of a machine's speed. */
    private static final long SLICE_MILLIS = 250;

    /** Returns the pace that measures for {@code seconds} in all in each case. */
    static Pace of(double seconds, double warmSeconds) {
        int slices = (int) Math.max(2, Math.round(seconds * 1_000 / SLICE_MILLIS));
        return new Pace(Math.round(warmSeconds * 1_000), 400, slices, SLICE_MILLIS);
    }

    long referenceMillis() {
        return sliceMillis / 2;
    }
}
