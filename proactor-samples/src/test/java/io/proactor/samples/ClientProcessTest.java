package io.proactor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients as programs, with pipes for a keyboard and a screen. */
final class ClientProcessTest {

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void theEchoClientPrintsAllThatItSent(String processor) throws Exception {
        try (Child server = Child.startWithoutInput(
                List.of("echo-server", "--port", "0", "--processor", processor));
                Child client = Child.start(List.of("echo-client", "--port", "" + server.port(),
                        "--processor", processor))) {
            client.type("hello\n");
            assertThat(client.line()).isEqualTo("hello");
            client.type("line\n".repeat(100_000));
            client.endInput();
            assertThat(client.exitCode()).isZero();
            assertThat(client.output()).hasSize(100_000).containsOnly("line");
            assertThat(client.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void theEchoClientTellsThatTheServerHungUp(String processor) throws Exception {
        try (Child server = Child.startWithoutInput(
                List.of("echo-server", "--port", "0", "--processor", processor));
                Child client = Child.start(List.of("echo-client", "--port", "" + server.port(),
                        "--processor", processor))) {
            client.type("hello\n");
            assertThat(client.line()).isEqualTo("hello");
            server.terminate();
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.errors()).containsExactly("The server ended the connection.");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void theChatClientTalksThroughPipes(String processor) throws Exception {
        try (Child server = Child.startWithoutInput(
                List.of("chat-server", "--port", "0", "--processor", processor));
                Child client = Child.start(List.of("chat-client", "--port", "" + server.port(),
                        "--processor", processor, "--nick", "alice"))) {
            client.type("gr\u00fc\u00dfe\n/who\n");
            client.endInput();
            assertThat(client.exitCode()).isZero();
            assertThat(client.output()).contains("* guest1 is now alice.",
                    "[lobby] alice: gr\u00fc\u00dfe", "* lobby (1): alice");
            assertThat(client.errors()).isEmpty();
        }
    }
}
