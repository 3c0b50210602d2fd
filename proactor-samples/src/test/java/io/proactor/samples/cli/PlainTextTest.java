package io.proactor.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "a\tb", "gr\u00fc\u00dfe", "\u65e5\u672c", "\ud83d\ude00",
        "\ud83d\udc69\u200d\ud83d\udcbb", "back\\slash", "~!@#$%^&*()"})
    void plainTextStaysAsItIs(String text) {
        assertThat(PlainText.escaped(text)).isEqualTo(text);
        assertThat(PlainText.decoded(StandardCharsets.UTF_8.encode(text))).isEqualTo(text);
    }

    @Test
    void everyControlCharacterButTheTabIsEscaped() {
        for (char c = 0; c < 0xa0; c++) {
            boolean control = c < ' ' || c >= 0x7f;
            if (control && c != '\t') {
                assertThat(PlainText.escaped("a" + c + "b"))
                        .isEqualTo(String.format("a\\u%04xb", (int) c));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u202d',
        '\u202e', '\u2066', '\u2067', '\u2068', '\u2069', '\u2028', '\u2029', '\ufeff'})
    void marksThatMoveOrHideTextAreEscaped(char c) {
        assertThat(PlainText.escaped("a" + c)).isEqualTo(String.format("a\\u%04x", (int) c));
    }

    @Test
    void halfACharacterIsEscaped() {
        assertThat(PlainText.escaped("a\ud83d")).isEqualTo("a\\ud83d");
        assertThat(PlainText.escaped("\ude00b")).isEqualTo("\\ude00b");
    }

    @Test
    void aSequenceForATerminalIsHarmless() {
        assertThat(PlainText.escaped("\u001b[2J\u009b31m")).isEqualTo("\\u001b[2J\\u009b31m");
    }

    @Test
    void whatIsNoUtf8IsEscaped() {
        byte[] overlong = {'a', (byte) 0xc0, (byte) 0x80, 'b'};
        byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
        byte[] cutShort = {(byte) 0xe2, (byte) 0x82};
        assertThat(decoded(overlong)).isEqualTo("a\\ufffd\\ufffdb");
        assertThat(decoded(surrogate)).matches("(\\\\ufffd)+");
        assertThat(decoded(cutShort)).isEqualTo("\\ufffd");
    }

    @Test
    void nothingRawComesOutOfRandomBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            assertThat(decoded(bytes)).as("seed " + seed).doesNotMatch(
                    "(?s).*[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069].*");
        }
    }

    private static String decoded(byte[] bytes) {
        return PlainText.decoded(ByteBuffer.wrap(bytes));
    }
}
