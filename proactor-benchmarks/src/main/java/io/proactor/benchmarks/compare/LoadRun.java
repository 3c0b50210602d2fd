package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.compare.LoadProcess.Side;
import io.proactor.benchmarks.report.LoadFigures;
import io.proactor.benchmarks.report.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * One measured server against the reference: slices of load on the one, and half as long ones on
 * the other between them, so that a machine whose speed drifts does not decide the ratio. A slice
 * ends when all echoes are back and the server sleeps; its processor time is exact then.
 */
final class LoadRun {

    /** A server goes to sleep within microseconds of its last answer; its clock is read then. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ServerProcess measured;
    private final ServerProcess reference;
    private final LoadProcess load;
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> rate = new ArrayList<>();
    private final List<Double> ratio = new ArrayList<>();
    private final List<Double> rateRatio = new ArrayList<>();
    private final List<Double> referenceCpu = new ArrayList<>();
    private ProcessUsage used = new ProcessUsage(0, 0, 0, 0, 0, 0);
    private long operations;
    private long nanos;
    private long loadNanos;

    /** Takes a load generator that is connected to both. */
    LoadRun(ServerProcess measured, ServerProcess reference, LoadProcess load) {
        this.measured = measured;
        this.reference = reference;
        this.load = load;
    }

    /** A slice's costs: microseconds for a round trip, and round trips a second. */
    private record Point(double cpu, double rate) {}

    /** Measures. */
    LoadFigures run(int round, Case of, Pace pace) throws IOException {
        load.slice(Side.REFERENCE, pace.referenceMillis());
        load.slice(Side.MEASURED, pace.settleMillis());
        load.latency(Side.REFERENCE);
        load.latency(Side.MEASURED);
        long allocated = measured.allocatedBytes();
        Point before = point(Side.REFERENCE, reference, pace.referenceMillis());
        for (int i = 0; i < pace.slices(); i++) {
            Point own = point(Side.MEASURED, measured, pace.sliceMillis());
            Point after = point(Side.REFERENCE, reference, pace.referenceMillis());
            cpu.add(own.cpu);
            rate.add(own.rate);
            ratio.add(own.cpu / ((before.cpu + after.cpu) / 2));
            rateRatio.add(own.rate / ((before.rate + after.rate) / 2));
            referenceCpu.add((before.cpu + after.cpu) / 2);
            before = after;
        }
        double perOperation = allocated < 0 ? -1
                : (double) (measured.allocatedBytes() - allocated) / operations;
        return figures(round, of, perOperation);
    }

    private Point point(Side side, ServerProcess server, long millis) throws IOException {
        ProcessUsage before = server.usage();
        LoadProcess.Slice slice = load.slice(side, millis);
        LockSupport.parkNanos(SETTLE_NANOS);
        ProcessUsage after = server.usage();
        if (side == Side.MEASURED) {
            used = new ProcessUsage(0, used.userTicks() + after.userTicks() - before.userTicks(),
                    used.systemTicks() + after.systemTicks() - before.systemTicks(),
                    used.waits() + after.waits() - before.waits(), after.residentBytes(),
                    after.threads());
            operations += slice.operations();
            nanos += slice.nanos();
            loadNanos += slice.ownNanos();
        }
        double perOperation = (after.cpuNanos() - before.cpuNanos()) / 1e3 / slice.operations();
        return new Point(perOperation, slice.operations() * 1e9 / slice.nanos());
    }

    private LoadFigures figures(int round, Case of, double allocated) throws IOException {
        Histogram own = load.latency(Side.MEASURED);
        Histogram other = load.latency(Side.REFERENCE);
        Spread ratios = Spread.of(ratio);
        long ticks = Math.max(1, used.userTicks() + used.systemTicks());
        return new LoadFigures(round, of.name(), measured.name(), operations, ratios.median(),
                ratios.at(0.25), ratios.at(0.75), Spread.of(rate).median(),
                Spread.of(rateRatio).median(), Spread.of(cpu).median(),
                (double) used.userTicks() / ticks, Spread.of(referenceCpu).median(),
                micros(own, 50), micros(own, 99), micros(own, 99.9), micros(other, 50),
                micros(other, 99), micros(other, 99.9), (double) used.waits() / operations,
                allocated, (double) loadNanos / nanos, used.residentBytes(), used.threads());
    }

    private static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }
}
