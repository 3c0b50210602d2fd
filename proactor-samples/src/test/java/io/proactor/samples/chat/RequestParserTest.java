package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestParserTest {

    private static final String LONGEST = "x".repeat(32);

    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("hello", new Request.Say("hello")),
                Arguments.of("  spaces  stay ", new Request.Say("  spaces  stay ")),
                Arguments.of(" /quit", new Request.Say(" /quit")),
                Arguments.of("/nick al-Ice_9", new Request.Rename(new Name("al-Ice_9"))),
                Arguments.of("/NICK  alice ", new Request.Rename(new Name("alice"))),
                Arguments.of("/nick " + LONGEST, new Request.Rename(new Name(LONGEST))),
                Arguments.of("/join den", new Request.Join(new Name("den"))),
                Arguments.of("/who", new Request.Who()),
                Arguments.of("/quit", new Request.Quit()),
                Arguments.of("/help me", new Request.Help()),
                Arguments.of("/msg bob hi  there", new Request.Tell(new Name("bob"), "hi  there")),
                Arguments.of("/msg\tbob\thi", new Request.Tell(new Name("bob"), "hi")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineIsUnderstood(String line, Request request) {
        assertThat(RequestParser.parse(line)).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//", "/nosuch", "/nick", "/nick a b", "/nick a.b",
        "/nick \\u001b", "/nick xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "/nick \u00e9",
        "/join", "/join #den", "/msg", "/msg bob", "/msg bob  ", "/msg b*b hi", "/whois"})
    void whatIsNotUnderstoodIsAnsweredInASentence(String line) {
        assertThat(RequestParser.parse(line)).isInstanceOfSatisfying(Request.Unclear.class,
                unclear -> assertThat(unclear.answer()).endsWith(".").doesNotContain("\n"));
    }
}
