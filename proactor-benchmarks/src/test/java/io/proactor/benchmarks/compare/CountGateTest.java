package io.proactor.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.proactor.benchmarks.compare.LoadProcess.Side;
import io.proactor.benchmarks.report.CallFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds what a round trip of echo costs in counts, which a noisy machine does not change: system
 * calls, bytes allocated, threads that go to sleep. Times are not looked at.
 */
final class CountGateTest {

    private static final Case ONE = Case.parse("1,64,1");
    private static final Case MANY = Case.parse("64,64,1");
    private static final long SLICE_MILLIS = 400;

    /** Bytes that a slice may allocate whatever the load: the watchdog's look at the handlers. */
    private static final long BY_THE_CLOCK = 8 * 1024;

    /** How many slices a server may take to be compiled; the bound must hold in one of them. */
    private static final int SLICES_MAX = 12;

    /** Of the threads that hand completions to each other, under load. */
    private static final double WAKE_UPS_MAX = 0.1;

    /** In a round trip: what arrives, and what goes out. */
    private static final int COMPLETIONS = 2;

    /** Calls of the JVM's own: locks of its compiler threads, protection of its heap. */
    private static final Set<String> NOT_OURS = Set.of("futex", "mprotect", "madvise", "mmap",
            "munmap", "sched_yield", "clock_nanosleep", "restart_syscall");

    /** Calls that wait: how many events each brings depends on who is faster. */
    private static final Set<String> WAITING =
            Set.of("epoll_wait", "epoll_pwait", "io_uring_enter");

    /**
     * What one server may cost for a round trip.
     *
     * @param callsOne system calls with one connection, all together
     * @param callsMany system calls with 64 connections, those that wait left out
     * @param waitsMany system calls that wait, with 64 connections
     * @param allocated bytes of heap
     * @param sleeps how often a thread goes to sleep, with 64 connections
     */
    record Bounds(String server, double callsOne, double callsMany, double waitsMany,
            double allocated, double sleeps) {

        @Override
        public String toString() {
            return server;
        }
    }

    /**
     * One wait, one read, one write is what a selector needs. A receive allocates its lease; a read
     * nothing, but for what the JVM itself allocates now and then. The kernel reads and writes for
     * uring, with two enters for a lone connection: one that ends with the bytes and one that ends
     * with the send.
     */
    static Stream<Bounds> bounds() {
        return Stream.of(
                new Bounds("queue", 3.06, 2.02, 0.5, 34, 0.1),
                new Bounds("queue-read", 3.06, 2.02, 0.5, 1, 0.1),
                new Bounds("uring", 2.1, 0.02, 0.5, 140, 0.1),
                new Bounds("uring-read", 2.1, 0.02, 0.5, 1, 0.1));
    }

    /**
     * Servers whose handlers run on other threads than those that wait for the system. Each round
     * trip is two completions; each thread that goes to sleep is one that is woken.
     */
    static Stream<String> handingOver() {
        return Stream.of("queue-pooled4", "uring-pooled4", "nio2", "nio2-pooled4",
                "queue-executor4", "uring-executor4", "nio2-executor4",
                "queue-foreign", "uring-foreign", "nio2-foreign");
    }

    private final Patience patience = new Patience();

    @TempDir
    private Path folder;

    private ServerCatalogue catalogue;
    private LoadProgram load;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/self/task")), "there is no /proc to read from");
        Jvm jvm = Jvm.own();
        NativePrograms programs = new NativePrograms(folder, true);
        catalogue = new ServerCatalogue(programs, jvm, "");
        load = LoadProgram.best(programs, jvm);
    }

    @AfterEach
    void end() {
        patience.close();
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void aRoundTripCostsNoMoreThan(Bounds bounds) throws IOException, InterruptedException {
        try (ServerProcess server =
                ServerProcess.start(catalogue.named(bounds.server()), folder, patience)) {
            try (LoadProcess many = open(MANY, server)) {
                allocationAndSleeps(bounds, server, many);
                CallFigures calls = count(MANY, server, many);
                assertThat(sum(calls, false)).as("calls %s", calls).isLessThan(bounds.callsMany());
                assertThat(sum(calls, true)).as("waits %s", calls).isLessThan(bounds.waitsMany());
            }
            try (LoadProcess one = open(ONE, server)) {
                CallFigures calls = count(ONE, server, one);
                assertThat(sum(calls, false) + sum(calls, true)).as("calls %s", calls)
                        .isLessThan(bounds.callsOne());
            }
        } catch (Unavailable e) {
            abort(bounds.server() + ": " + e.getMessage());
        }
    }

    /**
     * With one core: where there are more, who is woken how often depends on who else wants them.
     */
    @ParameterizedTest
    @MethodSource("handingOver")
    void aCompletionWakesNoMoreThreadsThan(String name) throws IOException, InterruptedException {
        assumeTrue(!Pinning.ofServer().isEmpty(), "servers cannot be given one core here");
        try (ServerProcess server =
                ServerProcess.start(catalogue.named(name), folder, patience);
                LoadProcess many = open(MANY, server)) {
            double wakeUps = Double.MAX_VALUE;
            for (int i = 0; i < SLICES_MAX && wakeUps > WAKE_UPS_MAX; i++) {
                long before = server.usage().waits();
                long operations = many.slice(Side.MEASURED, SLICE_MILLIS).operations();
                wakeUps = (double) (server.usage().waits() - before)
                        / (operations * COMPLETIONS);
            }
            System.out.printf("%s: %.3f wake-ups per completion%n", name, wakeUps);
            assertThat(wakeUps).as("wake-ups per completion").isLessThanOrEqualTo(WAKE_UPS_MAX);
        } catch (Unavailable e) {
            abort(name + ": " + e.getMessage());
        }
    }

    private LoadProcess open(Case of, ServerProcess server) throws IOException {
        LoadProcess process = new LoadProcess(load.command(), of, folder, patience);
        process.open(Side.MEASURED, server.port());
        return process;
    }

    private static void allocationAndSleeps(Bounds bounds, ServerProcess server, LoadProcess many)
            throws IOException {
        double allocated = Double.MAX_VALUE;
        double sleeps = Double.MAX_VALUE;
        for (int i = 0; i < SLICES_MAX
                && (allocated >= bounds.allocated() || sleeps >= bounds.sleeps()); i++) {
            long bytes = server.allocatedBytes();
            ProcessUsage before = server.usage();
            long operations = many.slice(Side.MEASURED, SLICE_MILLIS).operations();
            sleeps = (double) (server.usage().waits() - before.waits()) / operations;
            allocated = (double) (server.allocatedBytes() - bytes - BY_THE_CLOCK) / operations;
        }
        assertThat(allocated).as("bytes allocated").isLessThan(bounds.allocated());
        assertThat(sleeps).as("threads that went to sleep").isLessThan(bounds.sleeps());
    }

    private static CallFigures count(Case of, ServerProcess server, LoadProcess generator)
            throws IOException, InterruptedException {
        CallFigures calls = CallCounter.best().count(of, server, generator);
        if (calls == null) {
            return abort("neither perf nor strace can count system calls here");
        }
        return calls;
    }

    private static double sum(CallFigures calls, boolean waiting) {
        return calls.each().entrySet().stream()
                .filter(call -> !NOT_OURS.contains(call.getKey()))
                .filter(call -> WAITING.contains(call.getKey()) == waiting)
                .mapToDouble(Map.Entry::getValue).sum();
    }
}
