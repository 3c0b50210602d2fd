package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the two ends of a connection have put in and got out: exactly, however it was cut. */
final class Conversation {

    private final Direction forth = new Direction();
    private final Direction back = new Direction();

    Direction from(boolean client) {
        return client ? forth : back;
    }

    void check() {
        forth.check();
        back.check();
    }

    /** The writes in their order, each with how many of its bytes the system has taken. */
    static final class Direction {
        private final List<byte[]> written = new ArrayList<>();
        private final List<Integer> moved = new ArrayList<>();
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private boolean toTheEnd;  // true exactly if the reader has seen the end of the stream

        /** Returns the number of the write. */
        int begin(ByteBuffer source) {
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            written.add(bytes);
            moved.add(0);
            return written.size() - 1;
        }

        void wrote(int number, long bytes) {
            moved.set(number, (int) bytes);
        }

        void heard(ByteBuffer buffer, int at, int count) {
            for (int i = 0; i < count; i++) {
                heard.write(buffer.get(at + i));
            }
        }

        void end() {
            toTheEnd = true;
        }

        /** When every write is over. */
        void check() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < written.size(); i++) {
                out.write(written.get(i), 0, moved.get(i));
            }
            byte[] sent = out.toByteArray();
            byte[] got = heard.toByteArray();
            assertThat(got.length).as("bytes heard of " + sent.length + " that went out")
                    .isLessThanOrEqualTo(sent.length);
            assertThat(got).as("what was heard").isEqualTo(Arrays.copyOf(sent, got.length));
            if (toTheEnd) {
                assertThat(got.length).as("bytes heard until the end of the stream")
                        .isEqualTo(sent.length);
            }
        }
    }
}
