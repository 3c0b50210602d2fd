package io.proactor.benchmarks.report;

import java.util.Collection;

/** Median and quartiles of a few numbers, by linear interpolation between neighbours. */
public final class Spread {

    private final double[] sorted;

    private Spread(double[] sorted) {
        this.sorted = sorted;
    }

    /** Takes at least one number. */
    public static Spread of(Collection<Double> numbers) {
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("There is no median of nothing.");
        }
        return new Spread(numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /** Returns the number in the middle. */
    public double median() {
        return at(0.5);
    }

    /** Returns the number below which a share of them lies; 0 is the least, 1 the greatest. */
    public double at(double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
