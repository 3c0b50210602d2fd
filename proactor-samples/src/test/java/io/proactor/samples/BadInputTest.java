package io.proactor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class BadInputTest {

    static Stream<Arguments> badInput() {
        return Stream.of(
                Arguments.of("echo-server --processor nosuch", "There is no processor named"),
                Arguments.of("chat-server --processor nosuch", "There is no processor named"),
                Arguments.of("echo-client --port 1 --processor nosuch", "There is no processor"),
                Arguments.of("chat-client --port 1 --processor nosuch", "There is no processor"),
                Arguments.of("load --processor nosuch", "There is no processor named"),
                Arguments.of("idle --processor nosuch", "There is no processor named"),
                Arguments.of("idle --loops 0", "--loops must be between"),
                Arguments.of("echo-server --port 0 --processor nio2 --dispatcher loop", "loop"),
                Arguments.of("echo-server --dispatcher nosuch", "--dispatcher"),
                Arguments.of("echo-server --port 65536", "between 0 and 65535, not 65536"),
                Arguments.of("chat-server --port -1", "between 0 and 65535, not -1"),
                Arguments.of("echo-client --port 0", "between 1 and 65535, not 0"),
                Arguments.of("load --port 70000", "between 1 and 65535, not 70000"),
                Arguments.of("echo-server --port x", "--port"),
                Arguments.of("echo-server --port", "--port"),
                Arguments.of("echo-server --loops 0", "--loops must be between"),
                Arguments.of("echo-server --loops 1025", "--loops must be between"),
                Arguments.of("echo-server --max-connections 0", "--max-connections must be"),
                Arguments.of("echo-server --max-per-address -1", "--max-per-address must not"),
                Arguments.of("chat-server --idle-seconds -1", "--idle-seconds must be between"),
                Arguments.of("chat-server --slow-reader-cap 1", "--slow-reader-cap must be"),
                Arguments.of("echo-server --host no.such.host.invalid", "cannot be resolved"),
                Arguments.of("echo-client --host no.such.host.invalid", "cannot be resolved"),
                Arguments.of("echo-server --host 192.0.2.1 --port 0", "Cannot listen on 192.0.2.1"),
                Arguments.of("chat-client --nick a/b", "--nick must be"),
                Arguments.of("load --connections 0", "--connections must be between"),
                Arguments.of("load --bytes 0", "--bytes must be between"),
                Arguments.of("load --depth 0", "--depth must be between"),
                Arguments.of("load --seconds 0", "--seconds must be between"),
                Arguments.of("load --bytes 16777216 --depth 1000", "memory"),
                Arguments.of("echo-server --nosuch", "--nosuch"),
                Arguments.of("echo-server extra", "extra"),
                Arguments.of("nosuch", "nosuch"));
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputIsAnsweredWithOneSentenceAndExitCode2(String line, String expected) {
        StringWriter err = new StringWriter();
        CommandLine commandLine = Samples.commandLine().setErr(new PrintWriter(err, true));
        assertThat(commandLine.execute(line.split(" "))).isEqualTo(2);
        List<String> lines = err.toString().lines().toList();
        assertThat(lines.get(0)).contains(expected).endsWith(".");
        // A mistake in the options has a hint below it; what cannot be had speaks for itself.
        assertThat(lines).hasSizeBetween(1, 2);
        assertThat(lines.subList(1, lines.size())).allMatch(hint -> hint.startsWith("Try '"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo-server", "chat-server"})
    void aPortThatIsInUseIsOneSentenceOnStandardErrorAndNothingElse(String server)
            throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Child child = Child.startWithoutInput(
                        List.of(server, "--port", "" + taken.getLocalPort()))) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.errors()).singleElement().asString()
                    .matches("Cannot listen on 127\\.0\\.0\\.1:\\d+: Address already in use.*\\.");
            assertThat(child.output()).isEmpty();
        }
    }

    @Test
    void aServerThatIsNotThereIsOneSentenceAndExitCode1() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        for (String client : List.of("echo-client", "chat-client")) {
            try (Child child = Child.startWithoutInput(List.of(client, "--port", "" + port))) {
                assertThat(child.exitCode()).isEqualTo(1);
                assertThat(child.errors()).singleElement().asString()
                        .startsWith("Cannot connect to 127.0.0.1:" + port + ": ").endsWith(".");
            }
        }
    }

    @Test
    void withoutACommandTheCommandsAreShown() throws Exception {
        try (Child child = Child.startWithoutInput(List.of())) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.errors()).anyMatch(line -> line.contains("echo-server"))
                    .anyMatch(line -> line.contains("chat-client"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo-server", "echo-client", "chat-server", "chat-client", "load"})
    void everyCommandHasHelp(String command) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = Samples.commandLine().setOut(new PrintWriter(out, true));
        assertThat(commandLine.execute(command, "--help")).isZero();
        assertThat(out.toString()).contains("--processor", "--host", "--port");
    }
}
