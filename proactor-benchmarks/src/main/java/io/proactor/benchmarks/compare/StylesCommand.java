package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.report.MarkedPage;
import io.proactor.benchmarks.report.StyleFigures;
import io.proactor.benchmarks.report.StyleTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the styles of writing a server side by side. */
@Command(name = "styles", mixinStandardHelpOptions = true, showDefaultValues = true,
        header = "Shows the styles of writing a server side by side.",
        description = "Threads, memory, system calls, and what one bad client does to the others;"
            + " about 15 seconds for each style.")
public final class StylesCommand implements Callable<Integer> {

    private static final List<String> STYLES = List.of("threads", "virtual", "selector",
            "reactor-pool4", "queue", "queue-pooled4", "nio2", "uring", "uring-pooled4");

    @Option(names = "--servers", split = ";", paramLabel = "NAME",
            description = "Which, with ';' between them; one of each style if none is named.")
    private List<String> servers = new ArrayList<>();

    @Option(names = "--out", defaultValue = "results/styles", paramLabel = "DIR",
            description = "Where the servers' logs go.")
    private Path out = Path.of("results", "styles");

    @Option(names = "--update", paramLabel = "FILE",
            description = "The page to write the figures into, as docs/styles.md.")
    private @Nullable Path page;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream progress = System.out;
        Jvm jvm = Jvm.own();
        NativePrograms programs = new NativePrograms(out.resolve("bin"), true);
        ServerCatalogue catalogue = new ServerCatalogue(programs, jvm, "");
        Map<String, String> machine = new TreeMap<>();
        Machine.describe(machine, jvm, "");
        Pinning.leaveServersAlone();
        Path logs = Files.createDirectories(out.resolve("log"));
        StyleRun run = new StyleRun(LoadProgram.best(programs, jvm).command(), logs,
                CallCounter.best());
        List<StyleFigures> all = new ArrayList<>();
        Map<String, String> missing = new TreeMap<>();
        for (String name : servers.isEmpty() ? STYLES : servers) {
            try {
                StyleFigures figures = run.run(catalogue.named(name));
                progress.println(figures);
                all.add(figures);
            } catch (Unavailable e) {
                progress.println("left out: " + name + ", because " + e.getMessage());
                missing.put(name, e.getMessage());
            }
        }
        if (page != null) {
            MarkedPage.update(page, "figures", StyleTable.markdown(machine, all, missing));
        }
        return 0;
    }
}
