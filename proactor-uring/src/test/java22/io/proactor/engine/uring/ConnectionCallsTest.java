package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the loop's thread asks of the system for one connection and for one round trip, counted by
 * strace in a JVM of its own.
 */
@EnabledIfAvailable
final class ConnectionCallsTest {

    private static final long LIMIT_SECONDS = 60;

    private static final int CONNECTIONS = 300;
    private static final int TRIPS = 2_000;

    /** What the thread asks of the system once, as to load classes. */
    private static final int OTHERS_MAX = 150;

    /** Those that a processor may need for a connection, or for a round trip. */
    private static final List<String> SOCKET_CALLS = List.of("close", "shutdown", "getsockname",
            "getpeername", "setsockopt", "getsockopt", "accept4", "sendto", "recvfrom", "sendmsg",
            "recvmsg");

    @TempDir
    Path folder;

    @Test
    void connectionIsTakenServedAndClosedByTheRingAlone() throws Exception {
        Map<String, Integer> calls = loopCalls(CONNECTIONS, 1);
        for (String call : SOCKET_CALLS) {
            assertThat(calls.getOrDefault(call, 0)).as("%s; all: %s", call, calls)
                    .isLessThan(OTHERS_MAX);
        }
        // One after the other, so nothing can be batched: the connection, the bytes, what is sent
        // back, the end.
        assertThat(calls.get("io_uring_enter")).as("all: %s", calls)
                .isLessThan(8 * CONNECTIONS + OTHERS_MAX);
    }

    @Test
    void roundTripOfOneConnectionCostsTwoCalls() throws Exception {
        Map<String, Integer> calls = loopCalls(1, TRIPS);
        int count = calls.get("io_uring_enter");
        for (String call : SOCKET_CALLS) {
            count += calls.getOrDefault(call, 0);
        }
        assertThat(count).as("all: %s", calls).isBetween(TRIPS, 2 * TRIPS + OTHERS_MAX);
    }

    /** Returns how often the thread that enters the ring made each call. */
    private Map<String, Integer> loopCalls(int connections, int trips) throws Exception {
        List<String> command = new ArrayList<>(List.of("strace", "-ff", "-qq", "-o",
                folder.resolve("trace").toString(), "-e", "trace=%network,%desc,io_uring_enter"));
        Assumptions.assumeTrue(traces(command), "strace is not there, or may not trace here");
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), CountedProgram.class.getName(),
                Integer.toString(connections), Integer.toString(trips)));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(output)).contains("DONE");
        return ofTheLoop();
    }

    private Map<String, Integer> ofTheLoop() throws IOException {
        Map<String, Integer> most = new TreeMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder, "trace.*")) {
            for (Path thread : threads) {
                Map<String, Integer> calls = new TreeMap<>();
                for (String line : Files.readAllLines(thread)) {
                    int end = line.indexOf('(');
                    if (end > 0) {
                        calls.merge(line.substring(0, end), 1, Integer::sum);
                    }
                }
                if (calls.getOrDefault("io_uring_enter", 0)
                        > most.getOrDefault("io_uring_enter", 0)) {
                    most = calls;
                }
            }
        }
        assertThat(most).as("the loop's calls").isNotEmpty();
        return most;
    }

    private static boolean traces(List<String> strace) throws Exception {
        List<String> trial = new ArrayList<>(strace);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
