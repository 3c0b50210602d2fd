package io.proactor.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where we lose: the cases in which others need less processor time than we do. */
final class Losses {

    /** Below this, two medians cannot be told apart. */
    private static final double NOISE = 0.05;

    private Losses() {}

    /** Returns a list of Markdown, a line for each server of ours and case. */
    static String markdown(LoadTable loads) {
        StringBuilder text = new StringBuilder();
        for (String own : loads.servers()) {
            if (!Charts.own(own)) {
                continue;
            }
            for (String load : loads.cases()) {
                double ratio = loads.median(load, own, LoadFigures::ratio);
                List<String> cheaper = new ArrayList<>();
                for (String other : loads.servers()) {
                    double theirs = loads.median(load, other, LoadFigures::ratio);
                    if (!Charts.own(other) && theirs < ratio * (1 - NOISE)) {
                        cheaper.add(String.format(Locale.ROOT, "%s %.2f", other, theirs));
                    }
                }
                if (!cheaper.isEmpty()) {
                    text.append(String.format(Locale.ROOT, "- `%s`, %s: %.2f; cheaper: %s%n", own,
                            load, ratio, String.join(", ", cheaper)));
                }
            }
        }
        return text.isEmpty() ? "Nowhere in this run.\n" : text.toString();
    }
}
