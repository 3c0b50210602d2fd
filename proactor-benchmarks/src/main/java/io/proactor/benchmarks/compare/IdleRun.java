package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.compare.LoadProcess.Side;
import io.proactor.benchmarks.report.IdleFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What idle connections cost: a fresh server whose heap is resident from the beginning, so that
 * what its resident set grows by is not heap; the heap is counted by the class histogram.
 */
final class IdleRun {

    private static final Case WARM_UP = Case.parse("64,64,1");
    private static final long WARM_UP_MILLIS = 2_000;

    private final List<String> loadProgram;
    private final Path logs;

    IdleRun(List<String> loadProgram, Path logs) {
        this.loadProgram = loadProgram;
        this.logs = logs;
    }

    IdleFigures run(ServerKind kind, int connections) throws IOException, InterruptedException,
            Unavailable {
        Case idle = new Case("idle", "idle", connections, 64, 1);
        try (Patience patience = new Patience();
                ServerProcess server = ServerProcess.start(kind, logs, patience,
                        "-XX:+AlwaysPreTouch");
                LoadProcess load = new LoadProcess(loadProgram, idle, logs, patience)) {
            warm(server, patience);
            server.liveBytes();  // what asking itself leaves behind is there before
            long[] before = server.liveBytes();
            long resident = server.usage().residentBytes();
            load.open(Side.MEASURED, server.port());
            long[] after = server.liveBytes();
            ProcessUsage usage = server.usage();
            return new IdleFigures(kind.name(), connections,
                    (double) (usage.residentBytes() - resident) / connections,
                    growth(before[0], after[0], connections),
                    growth(before[1], after[1], connections), usage.threads());
        }
    }

    private void warm(ServerProcess server, Patience patience) throws IOException {
        try (LoadProcess load = new LoadProcess(loadProgram, WARM_UP, logs, patience)) {
            load.open(Side.MEASURED, server.port());
            load.slice(Side.MEASURED, WARM_UP_MILLIS);
        }
    }

    private static double growth(long before, long after, int connections) {
        return before < 0 ? -1 : (double) (after - before) / connections;
    }
}
