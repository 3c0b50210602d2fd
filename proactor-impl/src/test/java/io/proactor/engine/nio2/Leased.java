package io.proactor.engine.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.ReceiveBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a receive brings, as the application's floor would wrap it. */
record Leased(ReceiveBuffer buffer, long generation) {

    String text() {
        ByteBuffer bytes = buffer.bytes().duplicate();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    void release() {
        assertThat(buffer.release(generation)).isTrue();
    }

    /** Returns the text, and gives the buffer back. */
    String taken() {
        String text = text();
        release();
        return text;
    }
}
