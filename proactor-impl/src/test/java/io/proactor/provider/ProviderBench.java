package io.proactor.provider;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * System calls and processor time for each message, of the JDK's channels and of this provider's,
 * side by side: all servers run at once, and take turns at being loaded, so that what the machine
 * does meanwhile is shared by all. Linux, with taskset and perf; docs/how-to-provider.md has the
 * command. Each server is bound to one processor, and this process, the client, to another one.
 */
final class ProviderBench {

    private static final int CONNECTIONS = 32;
    private static final int ATTACH_MILLIS = 500;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 7);
    private static final long SLICE_NANOS =
            TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("bench.millis", 300));
    private static final int WARM_UP = Integer.getInteger("bench.warmUp", 20);
    private static final String EVENTS = "raw_syscalls:sys_enter,"
            + Stream.of("read", "write", "readv", "writev", "recvfrom", "sendto", "epoll_wait",
                            "epoll_ctl", "futex", "io_uring_enter", "sched_yield")
                    .map(call -> "syscalls:sys_enter_" + call).collect(Collectors.joining(","));

    private ProviderBench() {}

    /** Arguments: the settings, the servers as PROVIDER[:TIMEOUT SECONDS]. */
    public static void main(String[] arguments) throws Exception {
        for (String setting : arguments[0].split(",")) {
            List<Server> servers = new ArrayList<>();
            try {
                for (String name : arguments[1].split(",")) {
                    servers.add(new Server(setting, name));
                }
                measure(servers);
            } finally {
                for (Server each : servers) {
                    each.close();
                }
            }
        }
    }

    private static void measure(List<Server> servers) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            for (Server each : servers) {
                each.client.run(SLICE_NANOS);
            }
        }
        for (int i = 0; i < ROUNDS; i++) {
            for (Server each : servers) {
                each.measureTime();
            }
        }
        for (Server each : servers) {
            each.measureAllocation();
            each.countCalls();
            System.out.println(each);
        }
    }

    private static final class Server {
        private final String name;
        private final Process process;
        private final BufferedReader said;
        private final BenchClient client;
        private final double[] micros = new double[ROUNDS];
        private final double[] perSecond = new double[ROUNDS];
        private final Map<String, Double> calls = new TreeMap<>();
        private long bytes;     // allocated for each message
        private int round;

        Server(String setting, String asked) throws IOException {
            name = setting + " " + asked;
            String provider = asked.split(":")[0];
            String timeout = asked.contains(":") ? asked.split(":")[1] : "0";
            List<String> command = new ArrayList<>(List.of("taskset", "-c", "0",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC", "-Xmx256m",  "--enable-native-access=ALL-UNNAMED"));
            if (!provider.equals("jdk")) {
                command.add("-Dproactor.processor=" + provider);
            }
            command.addAll(List.of("-cp", System.getProperty("java.class.path"),
                    BenchServer.class.getName(), provider, setting, timeout));
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            said = process.inputReader();
            client = new BenchClient(Integer.parseInt(said.readLine()), CONNECTIONS);
        }

        void measureTime() throws IOException {
            long before = busyNanos();
            long start = System.nanoTime();
            long messages = client.run(SLICE_NANOS);
            perSecond[round] = messages * 1e9 / (System.nanoTime() - start);
            micros[round++] = (busyNanos() - before) / 1e3 / messages;
        }

        private long busyNanos() throws IOException {
            long sum = 0;
            try (DirectoryStream<Path> tasks = Files.newDirectoryStream(
                    Path.of("/proc", "" + process.pid(), "task"))) {
                for (Path task : tasks) {
                    sum += Long.parseLong(
                            Files.readString(task.resolve("schedstat")).split(" ")[0]);
                }
            }
            return sum;
        }

        /** A slice of its own: to ask takes time, and allocates. */
        void measureAllocation() throws IOException {
            long before = allocated();
            long messages = client.run(2 * SLICE_NANOS);
            bytes = (allocated() - before) / messages;
        }

        private long allocated() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return Long.parseLong(said.readLine());
        }

        void countCalls() throws Exception {
            Path counts = Files.createTempFile("calls", ".csv");
            Process perf = new ProcessBuilder("perf", "stat", "-x,", "-e", EVENTS, "-o",
                    counts.toString(), "-p", "" + process.pid()).inheritIO().start();
            Thread.sleep(ATTACH_MILLIS);  // it says nothing when it has begun to count
            long messages = client.run(2 * SLICE_NANOS);
            new ProcessBuilder("kill", "-INT", "" + perf.pid()).start().waitFor();
            perf.waitFor();
            for (String line : Files.readAllLines(counts)) {
                String[] fields = line.split(",");
                if (fields.length > 2 && fields[0].matches("\\d+")) {
                    calls.put(fields[2].replaceAll(".*sys_enter_?", ""),
                            Double.parseDouble(fields[0]) / messages);
                }
            }
            Files.delete(counts);
        }

        @Override
        public String toString() {
            Arrays.sort(micros);
            Arrays.sort(perSecond);
            StringBuilder said = new StringBuilder(String.format(Locale.ROOT,
                    "%-18s %5.2f us (%.2f..%.2f) %7.0f/s %4d B %5.2f calls:", name,
                    micros[ROUNDS / 2], micros[0], micros[ROUNDS - 1], perSecond[ROUNDS / 2], bytes,
                    calls.get("")));
            calls.forEach((call, count) -> {
                if (!call.isEmpty() && count >= 0.005) {
                    said.append(String.format(Locale.ROOT, " %s %.2f", call, count));
                }
            });
            return said.toString();
        }

        void close() throws Exception {
            client.close();
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
