package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.compare.LoadProcess.Side;
import io.proactor.benchmarks.report.CallFigures;
import io.proactor.benchmarks.report.IdleFigures;
import io.proactor.benchmarks.report.StyleFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Measures one style of server by itself. */
final class StyleRun {

    private static final Case LOAD = Case.parse("64,64,1");
    private static final int IDLE_CONNECTIONS = 1_000;
    private static final int WARM_SLICES = 10;
    private static final long SLICE_MILLIS = 400;
    private static final int SLICES = 4;

    /** Until a bad client does its worst: socket buffers are full, the first request is there. */
    private static final long WORST_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final List<String> loadProgram;
    private final Path logs;
    private final CallCounter counter;

    StyleRun(List<String> loadProgram, Path logs, CallCounter counter) {
        this.loadProgram = loadProgram;
        this.logs = logs;
        this.counter = counter;
    }

    StyleFigures run(ServerKind kind) throws IOException, InterruptedException, Unavailable {
        IdleFigures idle = new IdleRun(loadProgram, logs).run(kind, IDLE_CONNECTIONS);
        try (Patience patience = new Patience();
                ServerProcess server = ServerProcess.start(kind, logs, patience,
                        "-Dproactor.benchmarks.slow=true");
                LoadProcess load = new LoadProcess(loadProgram, LOAD, logs, patience)) {
            load.open(Side.MEASURED, server.port());
            for (int i = 0; i < WARM_SLICES; i++) {
                load.slice(Side.MEASURED, SLICE_MILLIS);
            }
            CallFigures calls = counter.count(LOAD, server, load);
            ProcessUsage before = server.usage();
            load.latency(Side.MEASURED);
            long operations = slices(load);
            ProcessUsage after = server.usage();
            double alone = p99(load);
            double blocked;
            try (BadClient client = BadClient.thatBlocksItsHandler(server.port())) {
                blocked = p99Beside(client, load);
            }
            double unread;
            try (BadClient client = BadClient.thatDoesNotRead(server.port())) {
                unread = p99Beside(client, load);
            }
            return new StyleFigures(kind.name(), kind.description(), after.threads(), idle.sum(),
                    calls == null ? 0 : calls.total(),
                    (after.cpuNanos() - before.cpuNanos()) / 1e3 / operations, alone, blocked,
                    unread);
        }
    }

    private static double p99Beside(BadClient client, LoadProcess load) throws IOException {
        LockSupport.parkNanos(WORST_AFTER_NANOS);
        slices(load);
        assert client != null;
        return p99(load);
    }

    private static long slices(LoadProcess load) throws IOException {
        long operations = 0;
        for (int i = 0; i < SLICES; i++) {
            operations += load.slice(Side.MEASURED, SLICE_MILLIS).operations();
        }
        return operations;
    }

    private static double p99(LoadProcess load) throws IOException {
        return load.latency(Side.MEASURED).getValueAtPercentile(99) / 1e3;
    }
}
