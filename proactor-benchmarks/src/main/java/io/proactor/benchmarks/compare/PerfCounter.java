package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.compare.LoadProcess.Side;
import io.proactor.benchmarks.report.CallFigures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** perf-stat(1) on the kernel's system call events: it counts without slowing the server much. */
final class PerfCounter implements CallCounter {

    private static final String ALL = "raw_syscalls:sys_enter";
    private static final String EVENT = "syscalls:sys_enter_";
    private static final List<String> CALLS = List.of("read", "write", "readv", "writev",
            "recvfrom", "sendto", "recvmsg", "sendmsg", "epoll_wait", "epoll_pwait",
            "epoll_pwait2", "epoll_ctl", "accept", "accept4", "close", "shutdown", "futex",
            "io_uring_enter", "setsockopt", "getsockopt", "fcntl", "getsockname", "getpeername",
            "poll", "ppoll", "timerfd_settime", "madvise", "mprotect", "mmap", "munmap");

    /** It says nothing when it has attached itself; opening the events takes it some 50 ms. */
    private static final long ATTACH_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final double WORTH_NAMING = 0.002;
    private static final long END_SECONDS = 10;

    /** Finds out whether it may look into the kernel here. */
    static boolean works() throws IOException, InterruptedException {
        if (CommandSearch.find("perf") == null) {
            return false;
        }
        Process perf = new ProcessBuilder("perf", "stat", "-e", ALL, "true")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return perf.waitFor() == 0;
    }

    @Override
    public CallFigures count(Case load, ServerProcess server, LoadProcess generator)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("calls", ".csv");
        try {
            Process perf = new ProcessBuilder(command(server.pid(), output))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            LockSupport.parkNanos(ATTACH_NANOS);
            long operations = generator.slice(Side.MEASURED, SLICE_MILLIS).operations();
            // SIGINT ends the counting, and it reports; after SIGTERM it would not.
            new ProcessBuilder("kill", "-INT", Long.toString(perf.pid())).start().waitFor();
            if (!perf.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                perf.destroyForcibly();
            }
            return figures(load, server, output, operations);
        } finally {
            Files.delete(output);
        }
    }

    private static List<String> command(long pid, Path output) {
        List<String> events = new ArrayList<>(List.of(ALL));
        CALLS.forEach(call -> events.add(EVENT + call));
        return List.of("perf", "stat", "-x", ",", "-e", String.join(",", events), "-p",
                Long.toString(pid), "-o", output.toString());
    }

    /** Lines of count, unit, event. */
    private static CallFigures figures(Case load, ServerProcess server, Path output,
            long operations) throws IOException {
        double total = 0;
        Map<String, Double> each = new TreeMap<>();
        for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
            String[] fields = line.split(",");
            if (fields.length > 2 && fields[0].matches("\\d+")) {
                double perOperation = Double.parseDouble(fields[0]) / operations;
                if (fields[2].equals(ALL)) {
                    total = perOperation;
                } else if (perOperation >= WORTH_NAMING) {
                    each.put(fields[2].substring(EVENT.length()), perOperation);
                }
            }
        }
        if (total == 0) {
            throw new IOException("perf counted nothing: " + Files.readString(output));
        }
        return new CallFigures(load.name(), server.name(), "perf", total, each);
    }
}
