package io.proactor.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A table of Markdown, its first column text, the others numbers. */
final class MarkdownTable {

    private final StringBuilder text = new StringBuilder();

    MarkdownTable(String first, List<String> others) {
        List<String> heads = new ArrayList<>(List.of(first));
        heads.addAll(others);
        row(heads);
        text.append("|---|").append("--:|".repeat(others.size())).append('\n');
    }

    void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
