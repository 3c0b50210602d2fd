package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many system calls the server makes for a round trip of 64 bytes: far fewer than one, because
 * one call submits and waits for all connections that have something to do. Calls of the JVM's own,
 * from the moment of counting to its end, are counted too.
 *
 * <p>The limits are what is aimed at, times two and a half: the faster the server is beside its
 * clients, the fewer of them it finds ready at a time, and a call that does little is not a waste
 * then.
 */
@EnabledIfAvailable
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SystemCallCountTest {

    private static final int WARM_UP = 40_000;
    private static final int TRIPS = 120_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"64, 0.50", "1000, 0.25"})
    void roundTripsShareTheirSystemCalls(int connections, double limit) throws Exception {
        String tool = SystemCallCounter.tool(folder);
        Assumptions.assumeFalse(tool.equals("none"),
                "neither perf nor strace is there, or none may count here");
        Process server = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), EchoServerProgram.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader said = new BufferedReader(new InputStreamReader(
                server.getInputStream(), StandardCharsets.ISO_8859_1))) {
            int port = Integer.parseInt(said.readLine());
            long trips;
            SystemCallCounter counter;
            try (EchoLoad load = new EchoLoad(port, connections)) {
                load.trips(WARM_UP);
                counter = SystemCallCounter.of(server, tool, folder);
                trips = load.trips(TRIPS);
            }
            server.getOutputStream().close();
            double perTrip = (double) counter.count() / trips;
            System.out.printf("%s connections: %.3f system calls per round trip, by %s%n",
                    connections, perTrip, tool);
            assertThat(perTrip).isLessThanOrEqualTo(limit);
        } finally {
            server.destroyForcibly();
        }
    }
}
