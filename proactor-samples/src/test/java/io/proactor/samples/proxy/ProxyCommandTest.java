package io.proactor.samples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import io.proactor.samples.Peer;
import io.proactor.samples.Setup;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The proxy as a program, with the echo server behind it. */
final class ProxyCommandTest {

    private static final String REPORT =
            "shut down in \\d+ ms: \\d+ operations were finished, 0 were cut";

    static Stream<Arguments> badInput() {
        return Stream.of(
                Arguments.of("--listen 127.0.0.1:0", "--to"),
                Arguments.of("--to 127.0.0.1:1", "--listen"),
                Arguments.of("--listen 127.0.0.1 --to 127.0.0.1:1", "--listen must be"),
                Arguments.of("--listen ::1:0 --to 127.0.0.1:1", "--listen must be"),
                Arguments.of("--listen :0 --to 127.0.0.1:1", "--listen must be"),
                Arguments.of("--listen 127.0.0.1:0 --to 127.0.0.1:0", "--to must be"),
                Arguments.of("--listen 127.0.0.1:0 --to host:65536", "--to must be"),
                Arguments.of("--listen 127.0.0.1:0 --to host:1x", "--to must be"),
                Arguments.of("--listen no.such.host.invalid:0 --to h:1", "cannot be resolved"),
                Arguments.of("--listen 192.0.2.1:0 --to h:1", "Cannot listen on 192.0.2.1"),
                Arguments.of("--listen 127.0.0.1:0 --to h:1 --max-connections 0",
                        "--max-connections must be"),
                Arguments.of("--listen 127.0.0.1:0 --to h:1 --idle-seconds -1",
                        "--idle-seconds must be"),
                Arguments.of("--listen 127.0.0.1:0 --to h:1 --connect-seconds 0",
                        "--connect-seconds must be"));
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputIsAnsweredWithOneSentenceAndExitCode2(String line, String expected)
            throws Exception {
        List<String> arguments = Child.arguments(List.of(line.split(" ")), "proxy");
        try (Child proxy = Child.startWithoutInput(arguments)) {
            assertThat(proxy.exitCode()).isEqualTo(2);
            assertThat(proxy.errors().get(0)).contains(expected);
            assertThat(proxy.output()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void aProxyThatIsToldToStopDrainsAndEndsWith0(Setup setup) throws Exception {
        try (Child server = Child.startWithoutInput(List.of("echo-server", "--port", "0"));
                Child proxy = Child.startWithoutInput(Child.arguments(setup.arguments(),
                        "proxy", "--listen", "127.0.0.1:0", "--to",
                        "localhost:" + server.port()));
                Peer peer = Peer.connect(proxy.port())) {
            assertThat(peer.send("hello\n").line()).isEqualTo("hello");
            proxy.terminate();
            assertThat(peer.line()).isNull();
            assertThat(proxy.exitCode()).isZero();
            assertThat(proxy.output()).singleElement().asString().matches(REPORT);
        }
    }

    @Test
    void aServerThatIsNotThereIsOneLineOnStandardError() throws Exception {
        try (Child proxy = Child.startWithoutInput(
                List.of("proxy", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1"));
                Peer peer = Peer.connect(proxy.port())) {
            assertThat(peer.line()).isNull();
            proxy.terminate();
            assertThat(proxy.exitCode()).isZero();
            assertThat(proxy.errors()).anyMatch(
                    line -> line.contains("Cannot connect to 127.0.0.1:1: "));
        }
    }
}
