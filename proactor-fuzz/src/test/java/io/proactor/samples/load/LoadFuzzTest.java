package io.proactor.samples.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.fuzz.Choices;
import io.proactor.fuzz.WhereJazzerRuns;
import java.nio.ByteBuffer;

/** The bytes that the load generator sends and compares, in whatever pieces. */
@WhereJazzerRuns
final class LoadFuzzTest {

    @FuzzTest
    void wrongByteIsFoundWhereItIsInWhateverPiecesItComes(byte[] data) {
        Choices choices = Choices.of(data);
        BytePattern pattern = new BytePattern(choices.below(65_536));
        long start = (long) choices.below(65_536) << choices.below(40);
        byte[] bytes = new byte[choices.below(300) + 1];
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(choices.below(40) + 1, bytes.length - at);
            pattern.fill(ByteBuffer.wrap(bytes, at, piece), start + at);
            at += piece;
        }
        int wrong = choices.onceIn(3) ? -1 : choices.below(bytes.length);
        if (wrong >= 0) {
            bytes[wrong] ^= (byte) (choices.below(255) + 1);
        }
        int found = -1;
        for (int at = 0; at < bytes.length && found < 0; ) {
            int piece = Math.min(choices.below(40) + 1, bytes.length - at);
            int right = pattern.mismatch(ByteBuffer.wrap(bytes, at, piece), start + at);
            found = right < 0 ? -1 : at + right;
            at += piece;
        }
        assertThat(found).isEqualTo(wrong);
    }
}
