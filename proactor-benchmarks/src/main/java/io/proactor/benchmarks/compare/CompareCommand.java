package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.report.IdleFigures;
import io.proactor.benchmarks.report.ReportCommand;
import io.proactor.benchmarks.report.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures echo servers beside each other. */
@Command(name = "compare", mixinStandardHelpOptions = true, showDefaultValues = true,
        header = "Measures echo servers beside each other.",
        description = {"Every server is a process of its own on one core; the load generator has"
            + " another and compares every byte. Ratios are to a reference server whose slices of"
            + " load alternate with the measured server's."})
public final class CompareCommand implements Callable<Integer> {

    /** What --quick leaves out: variants of servers that are there in a faster form. */
    private static final String SLOW_VARIANTS =
            ".*-((pooled|executor)4|foreign|read)|threads|reactor-pool4";

    /** What has begun by then ends within the twelfth. */
    private static final double QUICK_MINUTES = 11.5;

    @Option(names = "--servers", split = ";", paramLabel = "NAME",
            description = "Which servers, with ';' between them; all if none is named.")
    private List<String> servers = new ArrayList<>();

    @Option(names = "--cases", split = ";", paramLabel = "CASE",
            description = "Which cases, with ';' between them: CONNECTIONS,BYTES,DEPTH or 'storm';"
                + " all the usual ones if none is named.")
    private List<String> cases = new ArrayList<>();

    @Option(names = "--reference", paramLabel = "NAME",
            description = "The server that the others are compared with; c-epoll where there is"
                + " gcc, else selector.")
    private @Nullable String reference;

    @Option(names = "--rounds", defaultValue = "3", paramLabel = "N",
            description = "In each all servers are started anew.")
    private int rounds;

    @Option(names = "--passes", defaultValue = "1", paramLabel = "N",
            description = "How often in a round every case is put on every server.")
    private int passes;

    @Option(names = "--seconds", defaultValue = "2.5", paramLabel = "S",
            description = "How long each server is measured in each case of each pass.")
    private double seconds;

    @Option(names = "--warm-seconds", defaultValue = "12", paramLabel = "S",
            description = "Load on each JVM server before it is measured, in each round.")
    private double warmSeconds;

    @Option(names = "--idle", defaultValue = "10000", paramLabel = "N",
            description = "How many idle connections to weigh; 0 for none.")
    private int idle;

    @Option(names = "--quick", description = "One round of two passes of a second, at most 12"
        + " minutes, without the servers that are variants of others unless they are named.")
    private boolean quick;

    @Option(names = "--minutes", defaultValue = "600", paramLabel = "N",
            description = "When so many are over, nothing more is begun; what is missing is named.")
    private double minutes;

    @Option(names = "--no-gcc", description = "Compile nothing: no C servers, load from Java.")
    private boolean noGcc;

    @Option(names = "--no-calls", description = "Do not count system calls.")
    private boolean noCalls;

    @Option(names = "--java", paramLabel = "HOME",
            description = "The JDK that the servers run on; the one that runs this if none.")
    private @Nullable Path java;

    @Option(names = "--suffix", defaultValue = "", paramLabel = "TEXT",
            description = "Put behind the servers' names in the results, to keep apart what ran"
                + " on another JDK.")
    private String suffix = "";

    @Option(names = "--out", defaultValue = "results/compare", paramLabel = "DIR",
            description = "Where results.json and the servers' logs go. What is there already is"
                + " added to.")
    private Path out = Path.of("results", "compare");

    @Option(names = "--update", paramLabel = "FILE",
            description = "A page to write all the results into, as report does.")
    private @Nullable Path page;

    @Option(names = "--list", description = "Only list the servers.")
    private boolean list;

    @Override
    public Integer call() throws IOException, InterruptedException, Unavailable {
        Jvm jvm = java == null ? Jvm.own() : Jvm.at(java);
        NativePrograms programs = new NativePrograms(out.resolve("bin"), !noGcc);
        ServerCatalogue catalogue = new ServerCatalogue(programs, jvm, suffix);
        PrintStream progress = System.out;
        if (list) {
            catalogue.kinds().forEach(kind ->
                    progress.printf("%-14s %s%n", kind.name(), kind.description()));
            return 0;
        }
        if (quick) {
            rounds = 1;
            passes = 2;
            seconds = 1;
            warmSeconds = 9;
            minutes = QUICK_MINUTES;
        }
        Path file = out.resolve("results.json");
        Results results = Results.read(file);
        Machine.describe(results.machine(), jvm, suffix);
        Pinning.leaveServersAlone();
        measure(chosen(catalogue), catalogue, LoadProgram.best(programs, jvm), file, results,
                progress);
        progress.println("written: " + file);
        if (page != null) {
            ReportCommand.update(results, page);
        }
        return 0;
    }

    private List<ServerKind> chosen(ServerCatalogue catalogue) throws IOException {
        List<ServerKind> kinds = new ArrayList<>();
        for (String name : servers) {
            kinds.add(catalogue.named(name + suffix));
        }
        if (kinds.isEmpty()) {
            catalogue.kinds().stream()
                    .filter(kind -> !quick || !kind.name().matches(SLOW_VARIANTS))
                    .forEach(kinds::add);
        }
        return kinds;
    }

    private void measure(List<ServerKind> kinds, ServerCatalogue catalogue, LoadProgram load,
            Path file, Results results, PrintStream progress)
            throws IOException, InterruptedException, Unavailable {
        List<Case> loads =
                cases.isEmpty() ? Case.DEFAULTS : cases.stream().map(Case::parse).toList();
        Path logs = Files.createDirectories(out.resolve("log"));
        ServerKind than = catalogue.reference(reference, load);
        results.machine().put("reference", than.description());
        results.machine().put("load generator", load.description());
        TimeLimit limit = TimeLimit.inMinutes(minutes);
        Comparison comparison = new Comparison(kinds, than, loads, Pace.of(seconds, warmSeconds),
                load.command(), logs, progress, results, limit);
        CallCounter counter = noCalls ? CallCounter.NONE : CallCounter.best();
        if (idle > 0) {
            weigh(kinds, new IdleRun(load.command(), logs), results, limit, progress);
            results.write(file);
        }
        int first = results.loads().stream().mapToInt(each -> each.round()).max().orElse(0) + 1;
        for (int round = 0; round < rounds; round++) {
            comparison.round(first + round * passes, passes,
                    round == 0 ? counter : CallCounter.NONE);
            results.write(file);
        }
    }

    private void weigh(List<ServerKind> kinds, IdleRun run, Results results, TimeLimit limit,
            PrintStream progress) throws InterruptedException {
        for (ServerKind kind : kinds) {
            String name = kind.name();
            try {
                limit.check();
                IdleFigures figures = run.run(kind, idle);
                results.add(figures);
                progress.printf("idle %-14s %6.0f B resident, %5.0f B heap (%.0f B ours),"
                        + " %d threads%n", name, figures.resident(), figures.heap(),
                        figures.ownHeap(), figures.threads());
            } catch (Unavailable | IOException e) {
                results.missing().put(name + " idle", e.getMessage());
                progress.println("not weighed: " + name + ", because " + e.getMessage());
            }
        }
    }
}
