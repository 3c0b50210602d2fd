package io.proactor.operation;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The word of a leased buffer, which says who may still use it, under the schedules of two threads.
 *
 * <p>Each of these changes makes a test fail: a release, a pin or a forfeit that stores where it
 * should compare and set; a release that does not look at the pins, or not at the generation; a
 * forfeit that does not try again.
 */
final class ReceiveBufferModelTest {

    private static final int SCHEDULES = Schedules.of(200);

    private static final class Source implements ReceiveBuffer.Source {
        final AtomicInteger back = new AtomicInteger();
        final AtomicInteger forfeited = new AtomicInteger();

        @Override
        public void giveBack(ReceiveBuffer buffer) {
            back.incrementAndGet();
        }

        @Override
        public void forfeit(ReceiveBuffer buffer) {
            forfeited.incrementAndGet();
        }
    }

    /** True if it was released, false if not, because it was before or a write is pending. */
    private static boolean released(ReceiveBuffer buffer, long generation) {
        try {
            return buffer.release(generation);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void ofTwoReleasesOneGivesTheBufferBack() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Source source = new Source();
            ReceiveBuffer buffer = new ReceiveBuffer(ByteBuffer.allocate(1), source);
            long generation = buffer.lease();
            boolean[] released = new boolean[2];
            Racer other = Racer.start(() -> released[0] = buffer.release(generation));
            released[1] = buffer.release(generation);
            finish(other);
            require(released[0] != released[1]);
            require(source.back.get() == 1);
        });
    }

    @Test
    void bufferThatIsWrittenIsNotGivenBack() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Source source = new Source();
            ReceiveBuffer buffer = new ReceiveBuffer(ByteBuffer.allocate(1), source);
            long generation = buffer.lease();
            boolean[] released = new boolean[1];
            Racer other = Racer.start(() -> released[0] = released(buffer, generation));
            boolean pinned = buffer.pin(generation);
            if (pinned) {
                require(source.back.get() == 0);
                buffer.unpin();
            }
            finish(other);
            require(pinned || released[0]);
            require(source.back.get() == (released[0] ? 1 : 0));
        });
    }

    @Test
    void staleLeaseReachesNoLaterOne() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Source source = new Source();
            ReceiveBuffer buffer = new ReceiveBuffer(ByteBuffer.allocate(1), source);
            long first = buffer.lease();
            boolean[] again = new boolean[2];
            require(buffer.release(first));
            Racer other = Racer.start(() -> {
                again[0] = buffer.release(first);
                again[1] = buffer.pin(first);
            });
            long second = buffer.lease();
            finish(other);
            require(!again[0]);
            require(!again[1]);
            require(buffer.usable(second));
            require(source.back.get() == 1);
        });
    }

    @Test
    void lostLeaseIsForfeitedThoughItsWriteEnds() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Source source = new Source();
            ReceiveBuffer buffer = new ReceiveBuffer(ByteBuffer.allocate(1), source);
            long generation = buffer.lease();
            require(buffer.pin(generation));
            Racer other = Racer.start(() -> buffer.forfeit(generation));
            buffer.unpin();
            finish(other);
            require(source.forfeited.get() == 1);
            require(source.back.get() == 0);
            require(!buffer.usable(generation));
        });
    }
}
