package io.proactor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.OperationCancelledException;
import io.proactor.WriteQueueFullException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes to a peer that reads or does not, some cancelled, against a model that adds up what is
 * queued: whole writes in their order, exact gauges, refusal at the bound and at nothing else.
 */
@WhereJazzerRuns
final class WriteFuzzTest {

    private static final int WRITES_MAX = 200;
    private static final long BYTES_HIGH = Wire.proactor().options().writeQueue().bytesHigh();

    private record Write(long id, byte[] bytes, Told<Integer> told) {}

    @FuzzTest
    void writesGoOutWholeAndInOrderAndTheGaugesAreExact(byte[] data) {
        Choices choices = Choices.of(data);
        Wire.begin();
        Wire wire = Wire.of(new byte[0], choices);
        List<Write> writes = new ArrayList<>();
        List<Write> queued = new ArrayList<>();
        wire.takesNothing(true);
        while (!choices.usedUp() && writes.size() < WRITES_MAX) {
            switch (choices.below(4)) {
                case 0, 1 -> write(wire, choices, writes, queued);
                case 2 -> cancel(wire, choices, queued);
                default -> {
                    wire.takesNothing(false);
                    Wire.run();
                    wire.takesNothing(true);
                    queued.clear();
                }
            }
            assertThat(wire.socket().writesQueued()).isEqualTo(queued.size());
            assertThat(wire.socket().bytesQueued()).isEqualTo(bytes(queued));
        }
        wire.takesNothing(false);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (Write each : writes) {
            each.told().settled();
            if (each.told().cause() == null) {
                assertThat(each.told().value()).isEqualTo(each.bytes().length);
                expected.writeBytes(each.bytes());
            } else {
                assertThat(each.told().cause()).isInstanceOf(OperationCancelledException.class);
                assertThat(each.told().bytesMoved()).isZero();
            }
        }
        assertThat(wire.sent()).isEqualTo(expected.toByteArray());
        assertThat(wire.socket().bytesQueued()).isZero();
        assertThat(wire.socket().writesQueued()).isZero();
    }

    private static void write(Wire wire, Choices choices, List<Write> writes,
            List<Write> queued) {
        byte[] bytes = new byte[choices.onceIn(8) ? 3_000 : choices.below(500)];
        for (int i = 0; i < Math.min(8, bytes.length); i++) {
            bytes[i] = (byte) (writes.size() + i);
        }
        boolean full = bytes(queued) >= BYTES_HIGH;
        Told<Integer> told = new Told<>();
        try {
            long id = wire.socket().write(ByteBuffer.wrap(bytes), null, told);
            assertThat(full).as("accepted beyond the bound").isFalse();
            Write write = new Write(id, bytes, told);
            writes.add(write);
            queued.add(write);
        } catch (WriteQueueFullException e) {
            assertThat(full).as("refused below the bound").isTrue();
        }
    }

    private static void cancel(Wire wire, Choices choices, List<Write> queued) {
        if (!queued.isEmpty()) {
            Write write = queued.remove(choices.below(queued.size()));
            assertThat(wire.socket().cancel(write.id())).isTrue();
            assertThat(wire.socket().cancel(write.id())).as("twice").isFalse();
            write.told().settled();
        }
    }

    private static long bytes(List<Write> writes) {
        return writes.stream().mapToLong(write -> write.bytes().length).sum();
    }
}
