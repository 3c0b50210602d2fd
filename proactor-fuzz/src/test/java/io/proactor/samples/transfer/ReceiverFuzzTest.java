package io.proactor.samples.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.fuzz.Choices;
import io.proactor.fuzz.WhereJazzerRuns;
import io.proactor.fuzz.Wire;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A file that begins with its length, from a peer that says what the fuzzer wants. */
@WhereJazzerRuns
final class ReceiverFuzzTest {

    @FuzzTest
    void fileIsReceivedExactlyIfItsLengthIsWhatWasAnnounced(byte[] data)
            throws NoSuchAlgorithmException {
        Choices choices = Choices.behindContent(data);
        byte[] sent = Choices.content(data);
        if (sent.length >= Long.BYTES && !choices.onceIn(3)) {
            // Otherwise the length would hardly ever be right.
            ByteBuffer.wrap(sent).putLong(sent.length - Long.BYTES + choices.below(3) - 1L);
        }
        boolean reset = choices.onceIn(4);
        Wire.begin();
        Wire wire = Wire.of(sent, choices, reset);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        CompletableFuture<byte[]> received = new FileReceiver(wire.socket(), digest).start();
        Wire.run();
        assertThat(received).as("an end in any case").isDone();
        boolean right = !reset && sent.length >= Long.BYTES
                && ByteBuffer.wrap(sent).getLong() == sent.length - Long.BYTES;
        if (right) {
            byte[] file = Arrays.copyOfRange(sent, Long.BYTES, sent.length);
            assertThat(received.join())
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(file));
        } else {
            assertThat(received).isCompletedExceptionally();
            received.exceptionally(cause -> {
                assertThat(cause instanceof CompletionException).isFalse();
                assertThat(cause.getMessage()).doesNotContain("--");
                return new byte[0];
            });
        }
        assertThat(wire.socket().isOpen()).as("closed at its end").isFalse();
    }
}
