package io.proactor.benchmarks.compare;

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

    @Option(names = "--seconds", defaultValue = "2.5", paramLabel = "S",
            description = "How long each server is measured in each case of each round.")
    private double seconds;

    @Option(names = "--warm-seconds", defaultValue = "8", paramLabel = "S",
            description = "Load on each JVM server before it is measured, in each round.")
    private double warmSeconds;

    @Option(names = "--idle", defaultValue = "10000", paramLabel = "N",
            description = "How many idle connections to weigh; 0 for none.")
    private int idle;

    @Option(names = "--no-calls", description = "Do not count system calls.")
    private boolean noCalls;

    @Option(names = "--java", paramLabel = "HOME",
            description = "The JDK that the servers run on; the one that runs this if none.")
    private @Nullable Path java;

    @Option(names = "--out", defaultValue = "results/compare", paramLabel = "DIR",
            description = "Where results.json and the servers' logs go. What is there already is"
                + " added to.")
    private Path out = Path.of("results", "compare");

    @Option(names = "--list", description = "Only list the servers.")
    private boolean list;

    @Override
    public Integer call() throws IOException, InterruptedException, Unavailable {
        Jvm jvm = java == null ? Jvm.own() : Jvm.at(java);
        NativePrograms programs = new NativePrograms(out.resolve("bin"));
        ServerCatalogue catalogue = new ServerCatalogue(programs, jvm);
        PrintStream progress = System.out;
        if (list) {
            catalogue.kinds().forEach(kind ->
                    progress.printf("%-14s %s%n", kind.name(), kind.description()));
            return 0;
        }
        List<ServerKind> kinds = new ArrayList<>();
        for (String name : servers) {
            kinds.add(catalogue.named(name));
        }
        if (kinds.isEmpty()) {
            kinds.addAll(catalogue.kinds());
        }
        List<Case> loads =
                cases.isEmpty() ? Case.DEFAULTS : cases.stream().map(Case::parse).toList();
        Path logs = Files.createDirectories(out.resolve("log"));
        Path file = out.resolve("results.json");
        Results results = Results.read(file);
        Machine.describe(results.machine(), jvm);
        Pinning.leaveServersAlone();
        List<String> loadProgram = List.of(programs.get("load").toString());
        Comparison comparison = new Comparison(kinds, referenceKind(catalogue), loads,
                Pace.of(seconds, warmSeconds), loadProgram, logs, progress, results);
        CallCounter counter = noCalls ? CallCounter.NONE : CallCounter.best();
        int first = results.loads().stream().mapToInt(load -> load.round()).max().orElse(0) + 1;
        for (int round = first; round < first + rounds; round++) {
            comparison.round(round, round == first ? counter : CallCounter.NONE);
            results.write(file);
        }
        if (idle > 0) {
            weigh(kinds, new IdleRun(loadProgram, logs), results, progress);
        }
        results.write(file);
        progress.println("written: " + file);
        return 0;
    }

    private void weigh(List<ServerKind> kinds, IdleRun run, Results results, PrintStream progress)
            throws IOException, InterruptedException {
        for (ServerKind kind : kinds) {
            try {
                var figures = run.run(kind, idle);
                results.idles().removeIf(other -> other.server().equals(kind.name()));
                results.idles().add(figures);
                progress.printf("idle %-14s %6.0f B resident, %5.0f B heap (%.0f B ours),"
                        + " %d threads%n", kind.name(), figures.resident(), figures.heap(),
                        figures.ownHeap(), figures.threads());
            } catch (Unavailable | IOException e) {
                results.missing().put(kind.name() + " idle", e.getMessage());
                progress.println("not weighed: " + kind.name() + ", because " + e.getMessage());
            }
        }
    }

    private ServerKind referenceKind(ServerCatalogue catalogue) throws IOException {
        String name = reference;
        if (name == null) {
            name = CommandSearch.find("gcc") != null ? "c-epoll" : "selector";
        }
        return catalogue.named(name);
    }
}
