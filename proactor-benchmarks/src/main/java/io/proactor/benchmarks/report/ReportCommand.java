package io.proactor.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes what was measured into a page. */
@Command(name = "report", mixinStandardHelpOptions = true, showDefaultValues = true,
        header = "Writes what was measured into a Markdown page.",
        description = "Replaces what stands between the marks in the page, and draws the charts"
            + " into a folder beside it that is named like it.")
public final class ReportCommand implements Callable<Integer> {

    @Option(names = "--results", defaultValue = "results/compare/results.json", paramLabel = "FILE",
            description = "What compare has written.")
    private Path results = Path.of("results.json");

    @Option(names = "--update", required = true, paramLabel = "FILE",
            description = "The page, as docs/benchmarks.md.")
    private Path page = Path.of("benchmarks.md");

    @Override
    public Integer call() throws IOException {
        update(Results.read(results), page);
        return 0;
    }

    /** Writes results into a page. */
    public static void update(Results results, Path page) throws IOException {
        MarkedPage.update(page, "figures",
                new FiguresPage(results).markdown(MarkedPage.chartsOf(page)));
    }
}
