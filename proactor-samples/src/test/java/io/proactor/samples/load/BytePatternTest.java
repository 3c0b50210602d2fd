package io.proactor.samples.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BytePatternTest {

    private static final int BYTES = 1000;

    @Test
    void pieceByPieceTheStreamIsTheSame() {
        BytePattern pattern = new BytePattern(3);
        ByteBuffer whole = filled(pattern, 0, BYTES);
        Random random = new Random(2);
        for (int at = 0; at < BYTES; ) {
            int count = Math.min(1 + random.nextInt(40), BYTES - at);
            assertThat(filled(pattern, at, count)).isEqualTo(whole.slice(at, count));
            assertThat(pattern.mismatch(whole.slice(at, count), at)).isEqualTo(-1);
            at += count;
        }
    }

    @Test
    void oneWrongBitIsFoundWhereItIs() {
        BytePattern pattern = new BytePattern(0);
        for (int i = 0; i < 100; i++) {
            ByteBuffer bytes = filled(pattern, 5, 100);
            bytes.put(i, (byte) (bytes.get(i) ^ 0x10));
            assertThat(pattern.mismatch(bytes, 5)).isEqualTo(i);
        }
    }

    @Test
    void bytesOfAnotherPlaceOrConnectionAreFound() {
        ByteBuffer bytes = filled(new BytePattern(7), 0, BYTES);
        assertThat(new BytePattern(8).mismatch(bytes, 0)).isBetween(0, 8);
        assertThat(new BytePattern(7).mismatch(bytes, 8)).isBetween(0, 8);
        assertThat(new BytePattern(7).mismatch(bytes, 1)).isBetween(0, 8);
    }

    @Test
    void positionsBeyondFourGigabytesDiffer() {
        ByteBuffer bytes = filled(new BytePattern(1), 0, 64);
        assertThat(new BytePattern(1).mismatch(bytes, 1L << 33)).isBetween(0, 8);
    }

    private static ByteBuffer filled(BytePattern pattern, long position, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        pattern.fill(bytes, position);
        return bytes.flip();
    }
}
