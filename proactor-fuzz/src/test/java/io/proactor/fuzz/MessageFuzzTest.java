package io.proactor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.ComposedOperation;
import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.MessageEnd;
import io.proactor.Messages;
import io.proactor.OperationCancelledException;
import io.proactor.operation.OperationFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages against a parser that has all bytes at once; and with predicates that lie, so that the
 * worst a predicate can do is to fail its own read.
 */
@WhereJazzerRuns
final class MessageFuzzTest {

    private static final List<MessageEnd> ENDS = List.of(
            MessageFuzzTest::behindNewline, MessageFuzzTest::behindLength,
            MessageFuzzTest::behindTwoBytes);

    @FuzzTest
    void messagesDoNotDependOnHowTheyCome(byte[] data) {
        Choices choices = Choices.behindContent(data);
        byte[] content = Choices.content(data);
        MessageEnd end = ENDS.get(choices.below(ENDS.size()));
        int bytesMax = choices.below(64) + 1;
        Wire.begin();
        Wire wire = Wire.of(content, choices);
        List<String> read = new ArrayList<>();
        Messages messages = new Messages(wire.socket(), bytesMax, end);
        int bytesOfMessages = 0;
        String last = null;
        while (last == null) {
            Told<@Nullable ByteBuffer> told = readOne(wire, messages, choices);
            if (told.cause() != null) {
                last = told.cause() instanceof OperationCancelledException ? null
                        : how(told.cause());
            } else if (told.value() == null) {
                last = "end";
            } else {
                byte[] message = new byte[told.value().remaining()];
                told.value().get(message);
                read.add(Arrays.toString(message));
                bytesOfMessages += message.length;
            }
            assertThat(wire.taken() - bytesOfMessages).as("bytes read ahead")
                    .isBetween(0, bytesMax);
        }
        read.add(last);
        assertThat(read).isEqualTo(expected(content, bytesMax, end));
    }

    /** A predicate that answers with what the fuzzer wants, or throws. */
    @FuzzTest
    void predicateThatLiesFailsItsReadAndNothingElse(byte[] data) {
        Choices choices = Choices.behindContent(data);
        Wire.begin();
        Wire wire = Wire.of(Choices.content(data), choices);
        int bytesMax = choices.below(32) + 1;
        Messages messages = new Messages(wire.socket(), bytesMax, (bytes, from) -> {
            assertThat(from).isLessThanOrEqualTo(bytes.limit());
            assertThat(bytes.limit()).isLessThanOrEqualTo(bytesMax);
            int answer = choices.below(48) - 8;
            if (answer == 39) {
                throw new IllegalArgumentException("a predicate's own");
            }
            return answer;
        });
        for (int reads = 0; reads < 64; reads++) {
            Told<@Nullable ByteBuffer> told = readOne(wire, messages, choices);
            ByteBuffer message = told.value();
            if (message != null) {
                assertThat(message.remaining()).isBetween(1, bytesMax);
            } else if (told.cause() == null) {
                return;
            }
        }
    }

    private static Told<@Nullable ByteBuffer> readOne(Wire wire, Messages messages,
            Choices choices) {
        int before = wire.taken();
        Told<@Nullable ByteBuffer> told = new Told<>();
        ComposedOperation operation = messages.read(null, told);
        if (choices.onceIn(4)) {
            Wire.turns(choices.below(4));
            operation.cancel();
        }
        told.settled();
        if (told.cause() instanceof OperationFailure) {
            assertThat(told.bytesMoved()).isEqualTo(wire.taken() - before);
        }
        return told;
    }

    private static List<String> expected(byte[] content, int bytesMax, MessageEnd end) {
        List<String> messages = new ArrayList<>();
        int at = 0;
        while (at < content.length) {
            byte[] rest = Arrays.copyOfRange(content, at, content.length);
            int found = end.find(ByteBuffer.wrap(rest), 0);
            if (found == MessageEnd.NOT_YET || found > bytesMax) {
                messages.add(rest.length >= bytesMax ? "too long" : "cut short");
                return messages;
            }
            messages.add(Arrays.toString(Arrays.copyOf(rest, found)));
            at += found;
        }
        messages.add("end");
        return messages;
    }

    private static String how(Throwable cause) {
        if (cause instanceof DelimiterNotFoundException) {
            return "too long";
        }
        assertThat(cause).isInstanceOf(EndOfStreamException.class);
        return "cut short";
    }

    private static int behindNewline(ByteBuffer bytes, int from) {
        for (int i = from; i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n') {
                return i + 1;
            }
        }
        return MessageEnd.NOT_YET;
    }

    private static int behindLength(ByteBuffer bytes, int from) {
        int end = 1 + (bytes.get(0) & 0xff);
        return end <= bytes.limit() ? end : MessageEnd.NOT_YET;
    }

    private static int behindTwoBytes(ByteBuffer bytes, int from) {
        for (int i = Math.max(1, from); i < bytes.limit(); i++) {
            if (bytes.get(i - 1) == '\r' && bytes.get(i) == '\n') {
                return i + 1;
            }
        }
        return MessageEnd.NOT_YET;
    }
}
