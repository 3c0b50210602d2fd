package io.proactor.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Styles side by side, as Markdown. */
public final class StyleTable {

    private StyleTable() {}

    /**
     * Returns the tables.
     *
     * @param machine what is known of the machine: a word and a value each
     * @param missing why a server was left out
     */
    public static String markdown(Map<String, String> machine, List<StyleFigures> styles,
            Map<String, String> missing) {
        StringBuilder text = new StringBuilder("| | |\n|---|---|\n");
        machine.forEach((name, value) ->
                text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        MarkdownTable table = new MarkdownTable("server", List.of("threads",
                "an idle connection, bytes", "system calls", "processor time, µs", "p99, µs",
                "p99 beside a handler that blocks, µs",
                "p99 beside a peer that does not read, µs"));
        for (StyleFigures style : styles) {
            table.row(List.of(style.server() + ": " + style.description(),
                    Integer.toString(style.threads()), number("%,.0f", style.idleBytes()),
                    style.calls() == 0 ? "–" : number("%.2f", style.calls()),
                    number("%.2f", style.cpu()), number("%,.0f", style.p99()),
                    number("%,.0f", style.p99Blocked()), number("%,.0f", style.p99Unread())));
        }
        text.append('\n').append(table);
        missing.forEach((name, reason) ->
                text.append("\nLeft out: ").append(name).append(", because ").append(reason)
                        .append(".\n"));
        return text.toString();
    }

    private static String number(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }
}
