package io.proactor.samples.load;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What came of a run. */
final class LoadReport {

    private static final double[] PERCENTILES = {50, 90, 99, 99.9};

    private final LoadPlan plan;
    private final LoadTotals totals;
    private final long elapsedNanos;

    LoadReport(LoadPlan plan, LoadTotals totals, long elapsedNanos) {
        this.plan = plan;
        this.totals = totals;
        this.elapsedNanos = elapsedNanos;
    }

    /** Returns true if no connection failed, and something was sent and came back. */
    boolean good() {
        return totals.failures() == 0 && totals.messages() > 0;
    }

    /** Returns what came of it. To be called once, in place of {@link #print}. */
    LoadFigures figures() {
        return new LoadFigures(totals.messages() / (elapsedNanos / 1e9),
                totals.latencies().getValueAtPercentile(99), totals.failures());
    }

    /** Prints the failures to {@code err} and the figures to {@code out}. */
    void print(PrintStream out, PrintStream err, String processor) {
        totals.told().forEach(err::println);
        long more = totals.failures() - totals.told().size();
        if (more > 0) {
            err.println("... and " + more + " more errors");
        }
        double seconds = elapsedNanos / 1e9;
        out.printf(Locale.ROOT, "load: %d connections, %d bytes, depth %d, %.2f s, processor %s%n",
                plan.connections(), plan.messageBytes(), plan.depth(), seconds, processor);
        out.printf(Locale.ROOT, "verified: %,d messages, %,d bytes, %d errors%n",
                totals.messages(), totals.bytes(), totals.failures());
        out.printf(Locale.ROOT, "throughput: %,.0f messages/s, %,.2f MiB/s each way%n",
                totals.messages() / seconds, totals.bytes() / seconds / (1 << 20));
        out.println(latency(totals.latencies()));
        out.flush();
    }

    private static String latency(Histogram nanos) {
        StringBuilder line = new StringBuilder("latency in us:");
        for (double percentile : PERCENTILES) {
            String name = BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString();
            line.append(String.format(Locale.ROOT, " p%s %.1f,", name,
                    nanos.getValueAtPercentile(percentile) / 1e3));
        }
        line.append(String.format(Locale.ROOT, " max %.1f", nanos.getMaxValue() / 1e3));
        return line.toString();
    }
}
