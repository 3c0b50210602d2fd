package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.fuzz.Choices;
import io.proactor.fuzz.WhereJazzerRuns;
import io.proactor.fuzz.Wire;
import io.proactor.samples.cli.PlainText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of the chat against a splitter that has all bytes at once, in whatever pieces they come;
 * and what becomes of a line: plain text, a request, an answer.
 */
@WhereJazzerRuns
final class LineFuzzTest {

    @DictionaryFile(resourcePath = "/io/proactor/fuzz/chat.dict")
    @FuzzTest
    void linesDoNotDependOnHowTheyCome(byte[] data) {
        Choices choices = Choices.behindContent(data);
        byte[] content = Choices.content(data);
        int bytesMax = choices.below(40) + 1;
        Wire.begin();
        Wire wire = Wire.of(content, choices);
        Collector collector = new Collector();
        LineInput input = new LineInput(wire.socket(), bytesMax, Duration.ZERO, collector);
        collector.input = input;
        input.next();
        Wire.run();
        assertThat(wire.taken()).isEqualTo(content.length);
        assertThat(collector.seen).isEqualTo(expected(content, bytesMax));
    }

    @FuzzTest
    void whateverALineSaysIsPlainAndUnderstood(byte[] data) {
        String line = PlainText.decoded(ByteBuffer.wrap(data));
        assertPlain(line);
        assertThat(PlainText.escaped(line)).as("what is plain stays so").isEqualTo(line);
        assertThat(line.length()).isLessThanOrEqualTo(6 * data.length);
        Request request = RequestParser.parse(line);
        if (request instanceof Request.Rename rename) {
            assertName(rename.name());
        } else if (request instanceof Request.Join join) {
            assertName(join.room());
        } else if (request instanceof Request.Tell tell) {
            assertName(tell.name());
            assertThat(line.strip()).endsWith(tell.text()).isNotEqualTo(tell.text());
        } else if (request instanceof Request.Say say) {
            assertThat(say.text()).isEqualTo(line);
        } else if (request instanceof Request.Unclear unclear) {
            // What a stranger typed is not repeated to him.
            assertThat(unclear.answer()).endsWith(".").hasSizeLessThan(100);
        }
    }

    /** Of text that did not come as UTF-8: halves of characters, too. */
    @FuzzTest
    void whateverATextHoldsIsPlainWhenItIsEscaped(byte[] data) {
        char[] chars = new char[data.length / 2];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (data[2 * i] << 8 | data[2 * i + 1] & 0xff);
        }
        assertPlain(PlainText.escaped(new String(chars)));
    }

    static void assertPlain(String text) {
        text.codePoints().forEach(c -> {
            assertThat(c == '\t' || c >= ' ' && c < 0x7f || c >= 0xa0).as("control %x", c).isTrue();
            assertThat(c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x2028
                    || c == 0x2029 || c == 0x200e || c == 0x200f || c == 0x061c || c == 0xfeff)
                    .as("mark %x", c).isFalse();
            assertThat(c >= 0xd800 && c < 0xe000).as("half %x", c).isFalse();
        });
    }

    private static void assertName(Name name) {
        assertThat(name.text()).matches("[A-Za-z0-9_-]{1,32}");
    }

    private static List<String> expected(byte[] content, int bytesMax) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < content.length) {
            int newline = start;
            while (newline < content.length && content[newline] != '\n') {
                newline++;
            }
            boolean whole = newline < content.length;
            byte[] raw = Arrays.copyOfRange(content, start, newline);
            if (raw.length + (whole ? 1 : 0) > bytesMax + 2) {
                lines.add("too long");
                if (!whole) {
                    break;
                }
            } else if (!whole && raw.length == bytesMax + 2) {
                lines.add("too long");  // its buffer is full before its end can be seen
            } else {
                int length = raw.length > 0 && raw[raw.length - 1] == '\r' ? raw.length - 1
                        : raw.length;
                lines.add(length > bytesMax ? "too long" : "line: " + PlainText.escaped(
                        StandardCharsets.UTF_8.decode(ByteBuffer.wrap(raw, 0, length))));
            }
            start = newline + 1;
        }
        return lines;
    }

    private static final class Collector implements LineInput.Reader {
        final List<String> seen = new ArrayList<>();
        private @Nullable LineInput input;
        private boolean ended;

        @Override
        public void onLine(String line) {
            assertThat(ended).isFalse();
            seen.add("line: " + line);
            if (input != null) {
                input.next();
            }
        }

        @Override
        public void onLongLine() {
            assertThat(ended).isFalse();
            seen.add("too long");
        }

        @Override
        public void onEnd(@Nullable Throwable cause) {
            assertThat(ended).as("the end is told once").isFalse();
            ended = true;
        }
    }
}
