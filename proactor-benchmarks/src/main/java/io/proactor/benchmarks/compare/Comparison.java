package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.compare.LoadProcess.Side;
import io.proactor.benchmarks.report.CallFigures;
import io.proactor.benchmarks.report.LoadFigures;
import io.proactor.benchmarks.report.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The rounds of a comparison. In each, all servers are started anew, warmed, and then every case is
 * put on every server in turn, so that no server has the machine's good minute for itself.
 */
final class Comparison {

    /** The JVM's last compiler takes a method after 15,000 calls and loops (Tier4 thresholds). */
    private static final long COMPILED_AFTER = 20_000;
    private static final int WARM_TIMES_MAX = 4;

    private final List<ServerKind> kinds;
    private final ServerKind referenceKind;
    private final List<Case> cases;
    private final Pace pace;
    private final List<String> loadProgram;
    private final Path logs;
    private final PrintStream progress;
    private final Results results;
    private final TimeLimit limit;

    Comparison(List<ServerKind> kinds, ServerKind referenceKind, List<Case> cases, Pace pace,
            List<String> loadProgram, Path logs, PrintStream progress, Results results,
            TimeLimit limit) {
        this.kinds = kinds;
        this.referenceKind = referenceKind;
        this.cases = cases;
        this.pace = pace;
        this.loadProgram = loadProgram;
        this.logs = logs;
        this.progress = progress;
        this.results = results;
        this.limit = limit;
    }

    /**
     * Runs one round of so many passes through the cases; in the first of them system calls are
     * counted. The passes are numbered from {@code first} on.
     */
    void round(int first, int passes, CallCounter counter) throws IOException, InterruptedException,
            Unavailable {
        List<ServerProcess> servers = new ArrayList<>();
        try (Patience patience = new Patience();
                ServerProcess reference = ServerProcess.start(referenceKind, logs, patience)) {
            try {
                for (ServerKind kind : kinds) {
                    start(kind, patience, servers);
                }
                warm(reference, patience);
                for (ServerProcess server : servers) {
                    warm(server, patience);
                }
                for (int pass = 0; pass < passes; pass++) {
                    pass(first + pass, servers, reference,
                            pass == 0 ? counter : CallCounter.NONE, patience);
                }
            } finally {
                servers.forEach(ServerProcess::close);
            }
        }
    }

    private void start(ServerKind kind, Patience patience, List<ServerProcess> servers)
            throws IOException, InterruptedException {
        try {
            servers.add(ServerProcess.start(kind, logs, patience));
            results.missing().remove(kind.name());
        } catch (Unavailable e) {
            results.missing().put(kind.name(), e.getMessage());
            progress.println("left out: " + kind.name() + ", because " + e.getMessage());
        }
    }

    /**
     * Puts every case on a JVM until it has had its time and as many round trips as its compiler
     * wants to see; on a busy machine the time alone would not do.
     */
    private void warm(ServerProcess server, Patience patience) throws IOException {
        if (!server.inspected()) {
            return;
        }
        for (Case load : cases) {
            long millis = Math.max(1, pace.warmMillis() / cases.size());
            try (LoadProcess generator = new LoadProcess(loadProgram, load, logs, patience)) {
                generator.open(Side.MEASURED, server.port());
                long operations = 0;
                for (int i = 0; i < WARM_TIMES_MAX && operations < COMPILED_AFTER; i++) {
                    operations += generator.slice(Side.MEASURED, millis).operations();
                }
            }
        }
    }

    private void pass(int number, List<ServerProcess> servers, ServerProcess reference,
            CallCounter counter, Patience patience) throws IOException, InterruptedException {
        for (Case load : cases) {
            for (ServerProcess server : servers) {
                measure(number, load, server, reference, counter, patience);
            }
        }
    }

    private void measure(int round, Case load, ServerProcess server, ServerProcess reference,
            CallCounter counter, Patience patience) throws IOException, InterruptedException {
        if (limit.over()) {
            results.missing().put(server.name() + " in pass " + round + " of " + load.name(),
                    "the time that was given was over");
            return;
        }
        try (LoadProcess generator = new LoadProcess(loadProgram, load, logs, patience)) {
            generator.open(Side.REFERENCE, reference.port());
            generator.open(Side.MEASURED, server.port());
            LoadFigures figures =
                    new LoadRun(server, reference, generator).run(round, load, pace);
            results.loads().add(figures);
            progress.println(line(figures));
            CallFigures calls = counter.count(load, server, generator);
            if (calls != null) {
                results.add(calls);
            }
        } catch (IOException e) {
            progress.println("failed: " + load.name() + " " + server.name() + ": "
                    + e.getMessage());
            results.missing().put(server.name() + " in " + load.name(), e.getMessage());
        }
    }

    private static String line(LoadFigures figures) {
        return String.format(Locale.ROOT, "%d %-11s %-14s %5.2f (%.2f-%.2f) x reference, %7.2f us"
                        + " (%2.0f %% user), %8.0f/s, p99 %7.0f us, %7.1f B, load %.0f %% busy",
                figures.round(), figures.load(), figures.server(), figures.ratio(),
                figures.ratioLow(), figures.ratioHigh(), figures.cpu(), figures.userShare() * 100,
                figures.rate(), figures.p99(), figures.allocated(), figures.loadBusy() * 100);
    }
}
