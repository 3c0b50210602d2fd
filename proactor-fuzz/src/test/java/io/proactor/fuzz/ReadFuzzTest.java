package io.proactor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.Lease;
import io.proactor.OperationCancelledException;
import io.proactor.ResetByPeerException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All ways to read, mixed, against the plain array that the peer sends: what each read gets is what
 * comes next, to the byte, and a cancelled one says how far it got.
 */
@WhereJazzerRuns
final class ReadFuzzTest {

    private static final int TARGET_BYTES_MAX = 48;

    @FuzzTest
    void readsOfAllKindsAddUpToTheStream(byte[] data) {
        Choices choices = Choices.behindContent(data);
        byte[] content = Choices.content(data);
        boolean reset = choices.onceIn(4);
        Wire.begin();
        new Run(content, Wire.of(content, choices, reset), choices, reset).toTheEnd();
    }

    private static final class Run {
        private final byte[] content;
        private final Wire wire;
        private final Choices choices;
        private final boolean reset;
        private int at;          // where the model is in the content
        private boolean ended;   // true exactly when a read has met the end

        Run(byte[] content, Wire wire, Choices choices, boolean reset) {
            this.content = content;
            this.wire = wire;
            this.choices = choices;
            this.reset = reset;
        }

        void toTheEnd() {
            while (!ended) {
                int kind = choices.usedUp() ? 1 : choices.below(5);
                switch (kind) {
                    case 0 -> readUntil();
                    case 1 -> readAtLeast(1);
                    case 2 -> readAtLeast(choices.below(TARGET_BYTES_MAX));
                    case 3 -> receive();
                    default -> waitReadable();
                }
                assertThat(wire.taken()).isEqualTo(at);
                assertThat(wire.carried()).isBetween(0, TARGET_BYTES_MAX);
            }
        }

        private void readUntil() {
            ByteBuffer target = target(1);
            byte[] delimiter = new byte[choices.below(3) + 1];
            for (int i = 0; i < delimiter.length; i++) {
                delimiter[i] = (byte) choices.below(3);
            }
            int room = target.remaining();
            Told<Integer> told = new Told<>();
            settle(wire.socket().readUntil(target, delimiter, null, told), told);
            int end = endOf(delimiter, room);
            Throwable cause = told.cause();
            if (cause instanceof OperationCancelledException) {
                assertThat(told.bytesMoved()).isLessThanOrEqualTo(end < 0 ? room : end - 1);
            } else if (end >= 0) {
                assertThat(told.value()).isEqualTo(end);
            } else if (content.length - at >= room) {
                assertThat(cause).isInstanceOf(DelimiterNotFoundException.class);
                assertThat(told.bytesMoved()).isEqualTo(room);
            } else {
                endOfStream(told, content.length - at);
            }
            took(target, room);
        }

        /** Where the delimiter ends, counted from here; -1 if not within {@code room}. */
        private int endOf(byte[] delimiter, int room) {
            for (int n = delimiter.length; n <= Math.min(room, content.length - at); n++) {
                if (Arrays.equals(content, at + n - delimiter.length, at + n, delimiter, 0,
                        delimiter.length)) {
                    return n;
                }
            }
            return -1;
        }

        private void readAtLeast(int wanted) {
            ByteBuffer target = target(Math.max(1, wanted));
            int room = target.remaining();
            Told<Integer> told = new Told<>();
            settle(wire.socket().readAtLeast(target, wanted, null, told), told);
            Throwable cause = told.cause();
            if (cause instanceof OperationCancelledException) {
                assertThat(told.bytesMoved()).isLessThanOrEqualTo(Math.max(0, wanted - 1));
            } else if (content.length - at < wanted) {
                endOfStream(told, content.length - at);
            } else {
                assertThat(told.value()).isBetween(wanted, room);
            }
            took(target, room);
        }

        private void receive() {
            int bytesMax = choices.below(TARGET_BYTES_MAX) + 1;
            Told<@Nullable Lease> told = new Told<>();
            settle(wire.socket().receive(bytesMax, 0, TimeUnit.SECONDS, null,
                    told), told);
            Lease lease = told.value();
            if (lease != null) {
                try (lease) {
                    int count = lease.buffer().remaining();
                    assertThat(count).isBetween(1, bytesMax);
                    assertThat(lease.buffer()).isEqualTo(ByteBuffer.wrap(content, at, count));
                    at += count;
                }
            } else if (!(told.cause() instanceof OperationCancelledException)) {
                assertThat(at).isEqualTo(content.length);
                ended = true;
                assertThat(told.cause() instanceof ResetByPeerException).isEqualTo(reset);
            }
        }

        private void waitReadable() {
            Told<@Nullable Void> told = new Told<>();
            settle(wire.socket().waitReadable(null, told), told);
        }

        private void settle(long id, Told<?> told) {
            if (choices.onceIn(4)) {
                Wire.turns(choices.below(3));
                wire.socket().cancel(id);
            }
            told.settled();
            assertThat(wire.socket().cancel(id)).as("too late").isFalse();
        }

        private ByteBuffer target(int room) {
            int bytes = Math.max(room, choices.below(TARGET_BYTES_MAX));
            int before = choices.below(4);
            return ByteBuffer.allocate(before + bytes).position(before);
        }

        private void endOfStream(Told<Integer> told, int left) {
            ended = true;
            if (reset) {
                assertThat(told.cause()).isInstanceOf(ResetByPeerException.class);
            } else if (left == 0) {
                assertThat(told.cause()).isNull();
                assertThat(told.value()).isEqualTo(-1);
            } else {
                assertThat(told.cause()).isInstanceOf(EndOfStreamException.class);
            }
            if (told.cause() != null) {
                assertThat(told.bytesMoved()).isEqualTo(left);
            }
        }

        private void took(ByteBuffer target, int room) {
            int count = room - target.remaining();
            int start = target.position() - count;
            assertThat(target.slice(start, count)).isEqualTo(ByteBuffer.wrap(content, at, count));
            at += count;
        }
    }
}
