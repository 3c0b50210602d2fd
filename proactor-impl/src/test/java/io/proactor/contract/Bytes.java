package io.proactor.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Makes buffers and reads them. */
final class Bytes {

    private Bytes() {}

    /** Returns a buffer with a byte for each character. */
    static ByteBuffer of(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns what a read has put into the buffer, from 0 to its position. */
    static String text(ByteBuffer filled) {
        return new String(array(filled), StandardCharsets.ISO_8859_1);
    }

    /** Returns what a read has put into the buffer, from 0 to its position. */
    static byte[] array(ByteBuffer filled) {
        byte[] bytes = new byte[filled.position()];
        filled.duplicate().flip().get(bytes);
        return bytes;
    }

    /** Returns bytes without a pattern that a lost or doubled piece could hide in. */
    static byte[] random(int count, long seed) {
        byte[] bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
