package io.proactor.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** All figures as the part of a Markdown page, with the charts in a folder beside it. */
final class FiguresPage {

    private static final double WORTH_NAMING = 0.01;

    private final Results results;
    private final LoadTable loads;
    private final StringBuilder text = new StringBuilder();

    FiguresPage(Results results) {
        this.results = results;
        this.loads = new LoadTable(results.loads());
    }

    /** Returns the text; draws the charts into {@code charts}. */
    String markdown(Path charts) throws IOException {
        Charts drawn = new Charts(charts);
        machine();
        if (!results.loads().isEmpty()) {
            processorTime(drawn);
            latency();
        }
        calls();
        if (!results.idles().isEmpty()) {
            idle(drawn);
        }
        text.append("### Where we lose\n\nBy more than 5 % of processor time, to anything"
                + " measured beside us:\n\n").append(Losses.markdown(loads));
        if (!results.missing().isEmpty()) {
            text.append("\n### Left out\n\n");
            results.missing().forEach((name, reason) ->
                    text.append("- ").append(name).append(": ").append(reason).append(".\n"));
        }
        return text.toString();
    }

    private void machine() {
        text.append("### Machine\n\n| | |\n|---|---|\n");
        results.machine().forEach((name, value) ->
                text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        text.append('\n');
    }

    private void processorTime(Charts charts) throws IOException {
        text.append("### Processor time of the server for a round trip, × the reference\n\n"
                + "Median over the rounds (least–greatest). 1.00 is C on epoll in the same"
                + " seconds; less is better.\n\n");
        text.append(loads.markdown("%.2f", true, LoadFigures::ratio)).append('\n');
        text.append(charts.processorTime(loads)).append('\n');
        section("Microseconds for a round trip", "The machine's speed is in these.", "%.2f",
                LoadFigures::cpu);
        section("The part of it outside the kernel, percent",
                "From the kernel's clock ticks, so to a few percent.", "%.0f",
                figures -> figures.userShare() * 100);
        section("Round trips a second, × the reference",
                "The load generator limits the fastest.", "%.2f", LoadFigures::rateRatio);
        section("Round trips a second", "", "%.0f", LoadFigures::rate);
        section("How busy the load generator was, percent of its core", "", "%.0f",
                figures -> figures.loadBusy() * 100);
    }

    private void latency() {
        section("99 % of the round trips took at most, × the reference",
                "With many connections most of it is waiting for one's turn.", "%.2f",
                figures -> figures.p99() / figures.referenceP99());
        section("50 % took at most, microseconds", "", "%.0f", LoadFigures::p50);
        section("99 % took at most, microseconds", "", "%.0f", LoadFigures::p99);
        section("99.9 % took at most, microseconds", "", "%.0f", LoadFigures::p999);
        section("Bytes of heap allocated for a round trip", "JVMs only.", "%.1f",
                LoadFigures::allocated);
        section("How often a thread of the server went to sleep, for a round trip", "", "%.2f",
                LoadFigures::waits);
    }

    private void section(String title, String remark, String format,
            ToDoubleFunction<LoadFigures> figure) {
        text.append("### ").append(title).append("\n\n");
        if (!remark.isEmpty()) {
            text.append(remark).append("\n\n");
        }
        text.append(loads.markdown(format, false, figure)).append('\n');
    }

    private void calls() {
        if (results.calls().isEmpty()) {
            text.append("System calls were not counted: neither perf nor strace works here, or"
                    + " it was not asked for.\n\n");
            return;
        }
        text.append("### System calls of the server for a round trip\n\nCounted by ")
                .append(results.calls().get(0).counter()).append(".\n\n");
        MarkdownTable table = new MarkdownTable("server", loads.cases());
        for (String server : loads.servers()) {
            List<String> row = new ArrayList<>(List.of(server));
            for (String load : loads.cases()) {
                row.add(results.calls().stream()
                        .filter(each -> each.server().equals(server) && each.load().equals(load))
                        .map(each -> String.format(Locale.ROOT, "%.3f", each.total()))
                        .findFirst().orElse("–"));
            }
            table.row(row);
        }
        text.append(table).append("\nWhich they are:\n\n");
        for (CallFigures each : results.calls()) {
            text.append("- ").append(each.server()).append(", ").append(each.load()).append(": ")
                    .append(names(each)).append('\n');
        }
        text.append('\n');
    }

    private static String names(CallFigures figures) {
        return figures.each().entrySet().stream()
                .filter(call -> call.getValue() >= WORTH_NAMING)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(call -> String.format(Locale.ROOT, "%s %.2f", call.getKey(), call.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void idle(Charts charts) throws IOException {
        text.append("### An idle connection, bytes\n\n")
                .append(results.idles().get(0).connections())
                .append(" connections, one echo on each, then silence. The kernel's own memory is"
                        + " not counted; it is the same for all.\n\n");
        MarkdownTable table = new MarkdownTable("server", List.of("resident set without the heap",
                "live heap", "of it objects of this library", "sum", "threads"));
        for (IdleFigures idle : results.idles()) {
            table.row(List.of(idle.server(), bytes(idle.resident()), bytes(idle.heap()),
                    bytes(idle.ownHeap()), bytes(idle.sum()), Integer.toString(idle.threads())));
        }
        text.append(table).append('\n').append(charts.idle(results.idles())).append('\n');
    }

    /** Minus one stands for what a server without a heap cannot tell. */
    private static String bytes(double number) {
        return number == -1 ? "–" : String.format(Locale.ROOT, "%,.0f", number);
    }
}
