package io.proactor.samples.soak;

import java.io.PrintStream;
import java.util.Locale;

/** What was measured against what is demanded: a line for each rule, and an exit code for all. */
final class Verdict {

    private final PrintStream out;
    private boolean good = true;

    Verdict(PrintStream out) {
        this.out = out;
    }

    /** Demands that a figure be at most so large. */
    void atMost(String what, double seen, double most) {
        rule(what, seen, "<=", most, seen <= most);
    }

    /** Demands that a figure be at least so large. */
    void atLeast(String what, double seen, double least) {
        rule(what, seen, ">=", least, seen >= least);
    }

    /** Demands that a figure be exactly this. */
    void exactly(String what, long seen, long wanted) {
        rule(what, seen, "=", wanted, seen == wanted);
    }

    private void rule(String what, double seen, String relation, double bound, boolean holds) {
        good &= holds;
        out.printf(Locale.ROOT, "%-6s %-58s %12s  demanded: %s %s%n", holds ? "ok" : "FAILED", what,
                text(seen), relation, text(bound));
        out.flush();
    }

    /** Tells a figure that nothing is demanded of. */
    void told(String what, double seen) {
        out.printf(Locale.ROOT, "%-6s %-58s %12s%n", "", what, text(seen));
        out.flush();
    }

    private static String text(double figure) {
        return figure == Math.rint(figure) ? String.format(Locale.ROOT, "%,.0f", figure)
                : String.format(Locale.ROOT, "%,.2f", figure);
    }

    /** Returns 0 if every rule held. */
    int exitCode() {
        out.println(good ? "passed" : "FAILED");
        return good ? 0 : 1;
    }
}
