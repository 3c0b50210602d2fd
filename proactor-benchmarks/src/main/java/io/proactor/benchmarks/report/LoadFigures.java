package io.proactor.benchmarks.report;

/**
 * What one server showed in one round of one case. Times are microseconds.
 *
 * @param round which, from 1
 * @param load the name of the case
 * @param server the name of the server
 * @param operations round trips measured
 * @param ratio processor time for a round trip, times the reference's; median of the slices
 * @param ratioLow the lower quartile of the same
 * @param ratioHigh the upper quartile
 * @param rate round trips a second, median of the slices
 * @param rateRatio the same, times the reference's
 * @param cpu processor time of the server for a round trip, median of the slices
 * @param userShare how much of it was spent outside the kernel, 0 to 1
 * @param referenceCpu processor time of the reference for a round trip
 * @param p50 median latency
 * @param p99 latency that 99 of 100 do not exceed
 * @param p999 latency that 999 of 1000 do not exceed
 * @param referenceP50 of the reference, in the slices between
 * @param referenceP99 of the reference, in the slices between
 * @param referenceP999 of the reference, in the slices between
 * @param waits how often a thread went to sleep, for a round trip
 * @param allocated bytes of heap for a round trip; -1 if the server is no JVM
 * @param loadBusy how much of its core the load generator used, 0 to 1
 * @param residentBytes memory of the whole process
 * @param threads of the whole process
 */
public record LoadFigures(int round, String load, String server, long operations, double ratio,
        double ratioLow, double ratioHigh, double rate, double rateRatio, double cpu,
        double userShare, double referenceCpu, double p50, double p99, double p999,
        double referenceP50, double referenceP99, double referenceP999, double waits,
        double allocated, double loadBusy, long residentBytes, int threads) {}
