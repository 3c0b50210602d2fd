package io.proactor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.ComposedOperation;
import io.proactor.EndOfStreamException;
import io.proactor.FrameTooLargeException;
import io.proactor.Frames;
import io.proactor.OperationCancelledException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames against a parser of a dozen lines that has all bytes at once: however they come in pieces,
 * into whose buffer, and whatever is cancelled in between, the frames are the same, each failure
 * counts its bytes, and not a byte behind a frame is taken.
 */
@WhereJazzerRuns
final class FrameFuzzTest {

    private static final int[] PREFIXES = {1, 2, 4};

    @FuzzTest
    void framesDoNotDependOnHowTheyCome(byte[] data) {
        Choices choices = Choices.behindContent(data);
        byte[] content = Choices.content(data);
        int prefix = PREFIXES[choices.below(PREFIXES.length)];
        int bytesMax = prefix == 1 ? choices.below(256) : choices.below(1024);
        Wire.begin();
        Run run = new Run(Wire.of(content, choices), choices, prefix, bytesMax);
        assertThat(run.read()).isEqualTo(expected(content, prefix, bytesMax));
    }

    /** Returns each frame as its bytes, and then how it ends, as {@link Run#read} does. */
    private static List<String> expected(byte[] content, int prefix, int bytesMax) {
        List<String> frames = new ArrayList<>();
        int at = 0;
        while (at < content.length) {
            if (content.length - at < prefix) {
                return ended(frames, "cut short");
            }
            long length = 0;
            for (int i = 0; i < prefix; i++) {
                length = length << 8 | content[at++] & 0xff;
            }
            if (length > bytesMax) {
                return ended(frames, "too large: " + length);
            }
            if (content.length - at < length) {
                return ended(frames, "cut short");
            }
            frames.add(Arrays.toString(Arrays.copyOfRange(content, at, at + (int) length)));
            at += (int) length;
        }
        return ended(frames, "end");
    }

    private static List<String> ended(List<String> frames, String how) {
        frames.add(how);
        return frames;
    }

    /** Reads frames until there are no more. */
    private static final class Run {
        private final Wire wire;
        private final Choices choices;
        private final Frames frames;
        private final int prefix;
        private final int bytesMax;
        private final List<String> read = new ArrayList<>();
        private long bytesOfFrames;

        Run(Wire wire, Choices choices, int prefix, int bytesMax) {
            this.wire = wire;
            this.choices = choices;
            this.prefix = prefix;
            this.bytesMax = bytesMax;
            frames = new Frames(wire.socket(), prefix, bytesMax);
        }

        List<String> read() {
            String end = null;
            boolean ownBuffer = false;
            while (end == null) {
                ByteBuffer target = ownBuffer || !choices.onceIn(3) ? null
                        : ByteBuffer.allocate(choices.below(64) + 8).position(choices.below(8));
                ownBuffer = false;
                Told<@Nullable ByteBuffer> told = readOne(target);
                Throwable cause = told.cause();
                if (cause == null) {
                    end = told.value() == null ? "end" : frame(told.value(), target);
                } else if (cause instanceof FrameTooLargeException large && target != null
                        && large.length() <= bytesMax) {
                    assertThat(large.length()).isGreaterThan(target.remaining());
                    ownBuffer = true;
                } else if (!(cause instanceof OperationCancelledException)) {
                    end = how(cause);
                }
            }
            return ended(read, end);
        }

        private Told<@Nullable ByteBuffer> readOne(@Nullable ByteBuffer target) {
            int before = wire.taken();
            int position = target == null ? 0 : target.position();
            Told<@Nullable ByteBuffer> told = new Told<>();
            ComposedOperation operation = target == null ? frames.read(null, told)
                    : frames.read(target, null, told);
            if (choices.onceIn(4)) {
                Wire.turns(choices.below(4));
                operation.cancel();
            }
            told.settled();
            assertThat(wire.carried()).as("frames read nothing ahead").isZero();
            if (told.cause() != null) {
                assertThat(told.bytesMoved()).isEqualTo(wire.taken() - before);
                if (target != null) {
                    assertThat(target.position()).isEqualTo(position);
                    assertThat(target.limit()).isEqualTo(target.capacity());
                }
            }
            return told;
        }

        private @Nullable String frame(ByteBuffer payload, @Nullable ByteBuffer target) {
            assertThat(payload.remaining()).isLessThanOrEqualTo(bytesMax);
            assertThat(target == null || target == payload).isTrue();
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            read.add(Arrays.toString(bytes));
            bytesOfFrames += prefix + bytes.length;
            assertThat((long) wire.taken()).isEqualTo(bytesOfFrames);
            return null;
        }

        private static String how(Throwable cause) {
            if (cause instanceof FrameTooLargeException large) {
                return "too large: " + large.length();
            }
            assertThat(cause).isInstanceOf(EndOfStreamException.class);
            return "cut short";
        }
    }
}
