package io.proactor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What is left in a buffer for the next lease: nothing but its own bytes, wherever others were. */
final class ReceiveBufferTest {

    private static final int CAPACITY = 10_000;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY);
    private final ReceiveBuffer buffer = new ReceiveBuffer(bytes, new ReceiveBuffer.Source() {
        @Override
        public void giveBack(ReceiveBuffer returned) {}

        @Override
        public void forfeit(ReceiveBuffer lost) {}
    });

    @Test
    void shorterBytesAreFollowedByZerosHoweverFarTheLongestBeforeWent() {
        for (int length : new int[] {CAPACITY, 4_097, 4_096, 1, 9_000, 2}) {
            long generation = leaseOf(length);
            requireZerosFrom(length);
            assertThat(buffer.release(generation)).isTrue();
        }
    }

    @Test
    void whatTheApplicationHasWrittenBehindIsErased() {
        long generation = leaseOf(5);
        bytes.clear().put(CAPACITY - 1, (byte) 9);
        assertThat(buffer.release(generation)).isTrue();
        leaseOf(5);
        requireZerosFrom(5);
    }

    /** As where several replies are made in a lease, the last of them a short one. */
    @Test
    void whatTheApplicationHasSentFromTheLeaseIsErased() {
        long generation = leaseOf(5);
        fill(CAPACITY);
        bytes.flip();
        assertThat(buffer.pin(generation)).isTrue();
        buffer.unpin();
        bytes.clear().limit(5);
        assertThat(buffer.release(generation)).isTrue();
        leaseOf(5);
        requireZerosFrom(5);
    }

    @Test
    void byteOrderIsThatOfANewBuffer() {
        long generation = leaseOf(5);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        assertThat(buffer.release(generation)).isTrue();
        leaseOf(5);
        assertThat(bytes.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void whatAReceiveThatFailedHasBroughtIsErased() {
        fill(700);
        buffer.giveBack();
        leaseOf(5);
        requireZerosFrom(5);
    }

    @Test
    void whatTheProcessorSaysThatItHasPutInIsErased() {
        fill(700);
        buffer.soiled(700);
        buffer.soiled(20);
        leaseOf(5);
        requireZerosFrom(5);
    }

    @Test
    void leaseKeepsPositionLimitAndBytes() {
        leaseOf(CAPACITY);
        assertThat(bytes.position()).isZero();
        assertThat(bytes.limit()).isEqualTo(CAPACITY);
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(bytes.get(i)).isEqualTo((byte) 7);
        }
    }

    private long leaseOf(int length) {
        fill(length);
        bytes.flip();
        return buffer.lease();
    }

    private void fill(int length) {
        bytes.clear();
        for (int i = 0; i < length; i++) {
            bytes.put((byte) 7);
        }
    }

    private void requireZerosFrom(int index) {
        ByteBuffer all = bytes.duplicate().clear();
        for (int i = index; i < CAPACITY; i++) {
            assertThat(all.get(i)).isZero();
        }
    }
}
