package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/** The bytes of one direction of a conversation: known at both ends, different from all others. */
record Bytes(int key) {

    private static final int TOTAL_MAX = 500;

    /** Returns how many there are. */
    int total() {
        return mix(-1) % TOTAL_MAX;
    }

    byte at(int index) {
        int mixed = mix(index);
        return mixed % 16 == 0 ? (byte) '\n' : (byte) mixed;
    }

    ByteBuffer from(int index, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put(at(index + i));
        }
        return bytes.flip();
    }

    /** Fails unless {@code count} bytes of the buffer are those from {@code index} on. */
    void check(int index, ByteBuffer buffer, int from, int count) {
        for (int i = 0; i < count; i++) {
            if (buffer.get(from + i) != at(index + i)) {
                assertThat(buffer.get(from + i)).as("byte %d of %s", index + i, this)
                        .isEqualTo(at(index + i));
            }
        }
    }

    private int mix(int index) {
        int mixed = (index + 2) * 0x9e3779b1 ^ key * 0x85ebca6b;
        return (mixed ^ mixed >>> 15) >>> 1;
    }
}
