package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Peer;
import io.proactor.samples.Setup;
import io.proactor.samples.cli.HandlerThreads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChatServerTest {

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whatOneSaysEveryoneInTheRoomHears(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            Peer bob = chat.enter("bob");
            alice.send("hello \u00e9 \ud83d\ude00\r\n");
            assertThat(bob.lineWith("hello")).isEqualTo("[lobby] alice: hello \u00e9 \ud83d\ude00");
            assertThat(alice.lineWith("hello")).startsWith("[lobby] alice: ");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void aLineMayComeInAnyPieces(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            byte[] line = "gr\u00fc\u00dfe\r\n".getBytes(StandardCharsets.UTF_8);
            for (byte piece : line) {
                alice.send(piece);
            }
            assertThat(alice.line()).isEqualTo("[lobby] alice: gr\u00fc\u00dfe");
            alice.send("one\ntwo\r\n\nthree\nfo").send("ur\n");
            for (String text : new String[] {"one", "two", "three", "four"}) {
                assertThat(alice.line()).isEqualTo("[lobby] alice: " + text);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void roomsKeepTheirTalkToThemselves(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            Peer bob = chat.enter("bob");
            Peer carol = chat.enter("carol");
            bob.send("/join Den\n");
            bob.lineWith("bob has joined Den");
            alice.lineWith("bob has gone to Den");
            carol.send("/join den\n/who\n");
            assertThat(carol.lineWith("(")).isEqualTo("* Den (2): bob, carol");
            bob.lineWith("carol has joined Den");
            bob.send("in the den\n");
            carol.lineWith("[Den] bob: in the den");
            alice.send("/who\n");
            assertThat(alice.lineWith("(")).isEqualTo("* lobby (1): alice");
            alice.send("alone\n");
            assertThat(alice.line()).isEqualTo("[lobby] alice: alone");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void aPrivateMessageIsForOneOnly(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            Peer bob = chat.enter("bob");
            Peer carol = chat.enter("carol");
            alice.lineWith("is now carol");
            bob.lineWith("is now carol");
            alice.send("/msg BOB psst\n/msg nobody psst\nhello\n");
            assertThat(bob.line()).isEqualTo("[alice to bob] psst");
            assertThat(alice.line()).isEqualTo("[alice to bob] psst");
            assertThat(alice.line()).isEqualTo("! Nobody here is called nobody.");
            assertThat(carol.line()).isEqualTo("[lobby] alice: hello");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void aNickBelongsToOne(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            chat.enter("alice");
            Peer bob = chat.enter("bob");
            bob.send("/nick Alice\n/nick b\u00f6b\n/nick BOB\n");
            assertThat(bob.line()).isEqualTo("! The nick Alice is taken.");
            assertThat(bob.line()).startsWith("! A nick is 1 to 32 ");
            assertThat(bob.line()).isEqualTo("* bob is now BOB.");
            Peer guest = chat.enter("guest4");
            chat.enter().send("/who\n");  // it would be guest4 as well
            guest.lineWith("guest5 has joined");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void nothingThatMovesACursorIsPassedOn(Setup setup) throws Exception {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            Peer bob = chat.enter("bob");
            alice.send("\u001b[2J\u0007\r\u202e\u009b\u007f \tok ".getBytes(StandardCharsets.UTF_8))
                    .send((byte) 0xff, (byte) 0xed, (byte) 0xa0, (byte) 0x80, (byte) '\n');
            assertThat(bob.lineWith("ok")).matches("\\[lobby] alice: \\\\u001b\\[2J\\\\u0007"
                    + "\\\\u000d\\\\u202e\\\\u009b\\\\u007f \tok (\\\\ufffd)+");
            chat.ask("/say \u001b]0;title\u0007");
            assertThat(bob.lineWith("operator"))
                    .isEqualTo("* The operator says: \\u001b]0;title\\u0007");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void aLineThatIsTooLongIsDroppedOnceAndTheNextIsHeard(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            alice.send("x".repeat(4096) + "\r\n");
            assertThat(alice.line()).hasSize("[lobby] alice: ".length() + 4096);
            for (int length : new int[] {4097, 4098, 4099, 8192, 100_000}) {
                alice.send("x".repeat(length) + "\nafter " + length + "\n");
                assertThat(alice.line()).startsWith("! The line is too long");
                assertThat(alice.line()).isEqualTo("[lobby] alice: after " + length);
            }
            alice.send("\u0001".repeat(1000) + "\nafter escapes\n");
            assertThat(alice.line()).startsWith("! The line is too long");
            assertThat(alice.line()).isEqualTo("[lobby] alice: after escapes");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void linesThatComeTooFastAreDroppedWithOneComplaint(Setup setup) throws Exception {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter();
            alice.send("x\n".repeat(500)).finish();
            long complaints = new String(alice.readAll(), StandardCharsets.UTF_8).lines()
                    .filter(line -> line.startsWith("! Lines come too fast")).count();
            // One a second; a second for each would be a very slow machine.
            assertThat(complaints).isBetween(1L, 5L);
            assertThat(chat.ask("/stats")).containsPattern("too fast: 4\\d\\d");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whoQuitsHearsTheEndEvenIfMoreWasSent(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            Peer bob = chat.enter("bob");
            alice.lineWith("is now bob");
            alice.send("bye\n/quit\n" + "and more\n".repeat(1000)).finish();
            assertThat(alice.line()).isEqualTo("[lobby] alice: bye");
            assertThat(alice.line()).isEqualTo("* Goodbye, alice.");
            assertThat(alice.line()).isNull();
            bob.lineWith("alice has left");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whatWasSentBeforeTheEndIsAnswered(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice").send("/who\nlast words").finish();
            assertThat(alice.line()).isEqualTo("* lobby (1): alice");
            assertThat(alice.line()).isEqualTo("[lobby] alice: last words");
            assertThat(alice.line()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void theOperatorSeesTellsAndKicks(Setup setup) throws Exception {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            Peer bob = chat.enter("bob");
            bob.send("/join den\n");
            bob.lineWith("joined den");
            assertThat(chat.ask("/who")).isEqualTo("den (1): bob\nlobby (1): alice");
            assertThat(chat.ask("/say tea is ready")).isEqualTo("Told 2.");
            assertThat(bob.line()).isEqualTo("* The operator says: tea is ready");
            assertThat(chat.ask("/kick BOB")).isEqualTo("bob is out.");
            assertThat(bob.line()).contains("operator").startsWith("* ");
            assertThat(bob.line()).isNull();
            assertThat(chat.ask("/kick bob")).isEqualTo("Nobody here is called that.");
            assertThat(chat.ask("/who")).isEqualTo("lobby (1): alice");
            assertThat(chat.ask("/stats")).contains("clients: 1, rooms: 1");
            assertThat(chat.ask("what")).contains("/help");
            alice.send("still here\n");
            alice.lineWith("still here");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void aHundredRoomsAndNoMore(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            for (int i = 0; i < ChatLimits.ROOMS_MAX; i++) {
                Peer peer = chat.enter();
                peer.send("/join room" + i + "\n");
                peer.lineWith("joined room" + i);
            }
            Peer late = chat.enter().send("/join onemore\n/join room7\n");
            assertThat(late.lineWith("! ")).contains("100 rooms");
            late.lineWith("joined room7");
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#all")
    void whenTheServerStopsEveryoneIsToldAndHungUpOn(Setup setup) throws IOException {
        try (RunningChat chat = new RunningChat(setup)) {
            Peer alice = chat.enter("alice");
            Peer bob = chat.enter("bob");
            alice.lineWith("is now bob");
            chat.stop();
            for (Peer peer : new Peer[] {alice, bob}) {
                assertThat(peer.line()).isEqualTo("* The server is shutting down.");
                assertThat(peer.line()).isNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void whoDoesNotFinishALineInTimeIsClosed(String processor) throws IOException {
        try (RunningChat chat = new RunningChat(new Setup(processor, HandlerThreads.POOLED),
                Duration.ofMillis(300))) {
            Peer slow = chat.enter();
            slow.send("half a li");
            assertThat(slow.line()).as("the end").isNull();
        }
    }
}
