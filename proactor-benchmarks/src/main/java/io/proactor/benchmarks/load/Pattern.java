package io.proactor.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.Random;

/** The bytes that are sent: random, and again from the beginning after a prime number of them. */
final class Pattern {

    /** The most that one call moves. */
    static final int CHUNK = 256 * 1024;

    private static final int PERIOD = 8_191;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(PERIOD + CHUNK);

    Pattern() {
        byte[] period = new byte[PERIOD];
        new Random(PERIOD).nextBytes(period);
        while (bytes.hasRemaining()) {
            bytes.put(period, 0, Math.min(PERIOD, bytes.remaining()));
        }
    }

    /** Returns the bytes of a stream from {@code position} on; valid until the next call. */
    ByteBuffer at(long position, int length) {
        int from = (int) (position % PERIOD);
        return bytes.limit(from + length).position(from);
    }
}
