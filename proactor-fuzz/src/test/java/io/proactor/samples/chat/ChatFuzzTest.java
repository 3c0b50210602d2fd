package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.fuzz.Choices;
import io.proactor.fuzz.WhereJazzerRuns;
import io.proactor.fuzz.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Three clients of one hall, who say what the fuzzer wants and read or do not: everyone is sent
 * whole lines of plain text that begin as the server's lines do, nobody costs more than the cap,
 * and when all have gone the hall is as it was.
 */
@WhereJazzerRuns
final class ChatFuzzTest {

    private static final int CLIENTS = 3;
    private static final int CAP_BYTES = 2_048;

    /** Nobody earns a second chance while the clock stands: 20 lines are all that counts. */
    private static final LongSupplier NO_TIME = () -> 0;

    @DictionaryFile(resourcePath = "/io/proactor/fuzz/chat.dict")
    @FuzzTest
    void whateverClientsSayTheOthersReadPlainLines(byte[] data) throws CharacterCodingException {
        Choices choices = Choices.behindContent(data);
        byte[] content = Choices.content(data);
        Wire.begin();
        Hall hall = new Hall(Wire.proactor().newStrand());
        ChatCounters counters = new ChatCounters();
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            byte[] says = Arrays.copyOfRange(content, content.length * i / CLIENTS,
                    content.length * (i + 1) / CLIENTS);
            Wire wire = Wire.of(says, choices, choices.onceIn(3));
            wire.takesNothing(choices.onceIn(3));
            wires.add(wire);
            Outbox outbox = new Outbox(wire.socket(), CAP_BYTES, counters,
                    new SlowReaders(NO_TIME), NO_TIME);
            new ChatSession(hall, wire.socket(), outbox, counters, Duration.ZERO, NO_TIME).start();
            Wire.turns(choices.below(3));
        }
        Wire.run();
        for (Wire each : wires) {
            assertThat(each.socket().bytesQueued()).isLessThanOrEqualTo(CAP_BYTES);
            each.takesNothing(false);
        }
        Wire.run();
        for (Wire each : wires) {
            assertPlainLines(each.sent());
            assertThat(each.socket().isOpen()).as("a client that has hung up").isFalse();
        }
        assertThat(hall.size()).isZero();
        assertThat(hall.rooms()).hasSize(1);
    }

    private static void assertPlainLines(byte[] sent) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sent)).toString();
        assertThat(text.isEmpty() || text.endsWith("\n")).as("whole lines").isTrue();
        for (String line : text.split("\n", -1)) {
            if (!line.isEmpty()) {
                assertThat("*![").contains(line.substring(0, 1));
                LineFuzzTest.assertPlain(line);
            }
        }
    }
}
