package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.ComposedOperation;
import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.MessageEnd;
import io.proactor.Messages;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Messages whose end the application finds: bounded, cancelled as one, nothing lost. */
interface MessageContract extends Contract {

    /** A digit, and as many bytes as it says. */
    MessageEnd DIGIT = (bytes, from) -> {
        int end = 1 + bytes.get(0) - '0';
        return bytes.limit() >= end ? end : MessageEnd.NOT_YET;
    };

    @Test
    @DisplayName("Messages come out one by one, however the stream is cut into pieces")
    default void messagesComeOutHoweverTheStreamIsCut() throws Exception {
        SplittableRandom random = new SplittableRandom(
                Seed.of("messagesComeOutHoweverTheStreamIsCut"));
        Pair pair = bench().accepted();
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            int length = random.nextInt(10);
            stream.append(length).append("abcdefghi", 0, length);
        }
        Future<Void> sending = bench().start(() -> {
            int at = 0;
            while (at < stream.length()) {
                int end = Math.min(stream.length(), at + 1 + random.nextInt(25));
                pair.peer().send(stream.substring(at, end));
                at = end;
            }
            pair.peer().finish();
            return null;
        });
        Messages messages = new Messages(pair.socket(), 10, DIGIT);
        StringBuilder read = new StringBuilder();
        for (String next = next(messages); next != null; next = next(messages)) {
            assertThat(next).hasSize(1 + next.charAt(0) - '0');
            read.append(next);
        }
        Bench.join(sending);
        assertThat(read.toString()).isEqualTo(stream.toString());
    }

    @Test
    @DisplayName("A message that is cancelled or times out half way is read to its end by the next")
    default void cancelledMessageIsReadByTheNextRead() throws Exception {
        Pair pair = bench().accepted();
        Messages messages = new Messages(pair.socket(), 10, DIGIT);
        Recorder<ByteBuffer> cancelled = bench().recorder();
        ComposedOperation operation = messages.read(null, cancelled);
        assertThatThrownBy(() -> messages.read(null, bench().recorder()))
                .isInstanceOf(IllegalStateException.class);
        pair.peer().send("3a");
        assertThat(operation.cancel()).isTrue();
        assertThat(operation.cancel()).isFalse();
        cancelled.failure(OperationCancelledException.class);
        Recorder<ByteBuffer> late = bench().recorder();
        messages.read(20, TimeUnit.MILLISECONDS, null, late);
        late.failure(OperationTimedOutException.class);
        pair.peer().send("bc1");
        assertThat(next(messages)).isEqualTo("3abc");
        pair.peer().send("x0");
        assertThat(next(messages)).isEqualTo("1x");
        assertThat(next(messages)).isEqualTo("0");
    }

    @Test
    @DisplayName("Too long, cut off by the peer, or an end that cannot be: one failure each")
    default void messagesThatCannotBeFail() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send("7abc");
        Recorder<ByteBuffer> tooLong = bench().recorder();
        new Messages(pair.socket(), 4, DIGIT).read(null, tooLong);
        assertThat(tooLong.failure(DelimiterNotFoundException.class).bytesMoved()).isEqualTo(4);
        pair.peer().send("1");
        Recorder<ByteBuffer> impossible = bench().recorder();
        new Messages(pair.socket(), 4, (bytes, from) -> 9).read(null, impossible);
        impossible.failure(IllegalStateException.class);
        pair.peer().send("1");
        Recorder<ByteBuffer> thrown = bench().recorder();
        new Messages(pair.socket(), 4, (bytes, from) -> {
            throw new ArithmeticException("planted");
        }).read(null, thrown);
        thrown.failure(ArithmeticException.class);
        Recorder<ByteBuffer> cut = bench().recorder();
        new Messages(pair.socket(), 8, DIGIT).read(null, cut);
        pair.peer().send("3ab");
        pair.peer().finish();
        assertThat(cut.failure(EndOfStreamException.class).bytesMoved()).isEqualTo(3);
    }

    private String next(Messages messages) throws InterruptedException {
        Recorder<ByteBuffer> read = bench().recorder();
        messages.read(null, read);
        ByteBuffer message = read.value();
        return message == null ? null : StandardCharsets.ISO_8859_1.decode(message).toString();
    }
}
