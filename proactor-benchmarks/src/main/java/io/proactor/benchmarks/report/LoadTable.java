package io.proactor.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures under load, by server and case, over all rounds. */
final class LoadTable {

    private static final String NONE = "–";

    private final List<LoadFigures> loads;

    LoadTable(List<LoadFigures> loads) {
        this.loads = List.copyOf(loads);
    }

    /** Returns the names of the cases in the order of their measurement. */
    List<String> cases() {
        return List.copyOf(new LinkedHashSet<>(loads.stream().map(LoadFigures::load).toList()));
    }

    /** Returns the names of the servers in the order of their measurement. */
    List<String> servers() {
        return List.copyOf(new LinkedHashSet<>(loads.stream().map(LoadFigures::server).toList()));
    }

    /** Returns a figure of every round, in the order of the rounds. */
    List<Double> rounds(String load, String server, ToDoubleFunction<LoadFigures> figure) {
        return loads.stream()
                .filter(each -> each.load().equals(load) && each.server().equals(server))
                .map(figure::applyAsDouble).toList();
    }

    /** Returns the median of a figure over the rounds, or NaN if there are none. */
    double median(String load, String server, ToDoubleFunction<LoadFigures> figure) {
        List<Double> rounds = rounds(load, server, figure);
        return rounds.isEmpty() ? Double.NaN : Spread.of(rounds).median();
    }

    /** Returns a table of medians, with the least and the greatest round if {@code spread}. */
    String markdown(String format, boolean spread, ToDoubleFunction<LoadFigures> figure) {
        MarkdownTable table = new MarkdownTable("server", cases());
        for (String server : servers()) {
            List<String> row = new ArrayList<>(List.of(server));
            for (String load : cases()) {
                row.add(cell(format, spread, rounds(load, server, figure)));
            }
            table.row(row);
        }
        return table.toString();
    }

    private static String cell(String format, boolean spread, List<Double> rounds) {
        if (rounds.isEmpty() || rounds.get(0) < 0) {
            return NONE;
        }
        Spread of = Spread.of(rounds);
        String median = String.format(Locale.ROOT, format, of.median());
        return spread && rounds.size() > 1
                ? String.format(Locale.ROOT, "**%s** (" + format + "–" + format + ")", median,
                        of.at(0), of.at(1))
                : median;
    }
}
