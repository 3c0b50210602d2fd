package io.proactor.samples.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LoadTest {

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void allThatComesBackFromOurServerIsRight(String processor) throws Exception {
        try (Child server = Child.startWithoutInput(
                List.of("echo-server", "--port", "0", "--processor", processor))) {
            int port = server.port();
            for (List<String> size : List.of(
                    List.of("--connections", "16", "--bytes", "64", "--depth", "1"),
                    List.of("--connections", "3", "--bytes", "70001", "--depth", "5"))) {
                try (Child load = Child.startWithoutInput(Child.arguments(size, "load", "--port",
                        "" + port, "--seconds", "1", "--processor", processor))) {
                    assertThat(load.exitCode()).as(load.errors().toString()).isZero();
                    assertThat(load.output()).hasSize(4)
                            .anyMatch(line -> line.matches("verified: .* 0 errors"))
                            .anyMatch(line -> line.matches("throughput: .*"))
                            .anyMatch(line -> line.matches("latency in us: p50 .* p90 .* p99 .*"
                                    + " p99.9 .* max .*"));
                }
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
        }
    }

    /** Returns one byte in a million wrong. */
    @Test
    void oneWrongByteIsFoundAndToldByTheExitCode() throws Exception {
        try (ServerSocket server = serve(LoadTest::echoAllButOneByte);
                Child load = load(server)) {
            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.errors()).anyMatch(line ->
                    line.matches("Connection 0: The byte at 1000000 is not what had been sent\\."));
        }
    }

    @Test
    void aServerThatHangsUpIsToldByTheExitCode() throws Exception {
        try (ServerSocket server = serve(socket -> socket.getInputStream().readNBytes(1000));
                Child load = load(server)) {
            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.output()).anyMatch(line -> line.matches("verified: .* 1 errors"));
        }
    }

    @Test
    void nobodyThereIsToldByTheExitCode() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        try (Child load = Child.startWithoutInput(List.of("load", "--port", "" + port))) {
            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.errors()).anyMatch(line -> line.matches("Connection \\d+: .*refused.*"));
        }
    }

    private interface Session {
        void run(Socket socket) throws IOException;
    }

    private static Child load(ServerSocket server) throws IOException {
        return Child.startWithoutInput(List.of("load", "--port", "" + server.getLocalPort(),
                "--seconds", "2", "--connections", "1", "--bytes", "1000", "--depth", "10"));
    }

    private static ServerSocket serve(Session session) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                session.run(socket);
            } catch (IOException e) {
                // The client has hung up, or the test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static void echoAllButOneByte(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] bytes = new byte[8192];
        long position = 0;
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            long wrong = 1_000_000 - position;
            if (wrong >= 0 && wrong < count) {
                bytes[(int) wrong]++;
            }
            out.write(bytes, 0, count);
            position += count;
        }
    }
}
