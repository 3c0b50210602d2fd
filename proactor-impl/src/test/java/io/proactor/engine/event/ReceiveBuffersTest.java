package io.proactor.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ReceiveBuffersTest {

    /** As when a processor aborts all receives while they wait: each is signalled and waives. */
    @Test
    void lineThatIsGivenUpAsAWholeTakesNoStack() {
        int count = 100_000;
        ReceiveBuffers buffers = new ReceiveBuffers(new ReceiveLimits(64, 1, 1));
        ReceiveBuffer held = new ReceiveClaim(buffers, () -> { }).take();
        AtomicInteger waived = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            ReceiveClaim[] claim = new ReceiveClaim[1];
            claim[0] = new ReceiveClaim(buffers, () -> {
                waived.incrementAndGet();
                claim[0].waive();
            });
            assertThat(claim[0].take()).isNull();
        }
        held.giveBack();
        assertThat(waived).hasValue(count);
        assertThat(new ReceiveClaim(buffers, () -> { }).take()).as("it is there").isNotNull();
    }

    @Test
    void whoWaitsIsSignalledEvenIfTheSignalOfWhoHadTheBufferThrows() {
        requireSignalled(ReceiveBuffer::giveBack);
        requireSignalled(buffer -> buffer.release(buffer.lease()));
        requireSignalled(buffer -> buffer.forfeit(buffer.lease()));
    }

    @Test
    void loopKeepsSoManyAtMostAndAnotherOneCanHaveAll() {
        int count = 600;
        ReceiveBuffers first = new ReceiveBuffers(new ReceiveLimits(64, count, count));
        ReceiveBuffers second = first.another();
        take(first, count).forEach(ReceiveBuffer::giveBack);
        assertThat(first.kept()).isEqualTo(256);
        assertThat(first.out()).isZero();
        List<ReceiveBuffer> all = take(second, count);
        assertThat(all).doesNotHaveDuplicates();
        assertThat(second.out()).isEqualTo(count);
        assertThat(new ReceiveClaim(first, () -> { }).take()).as("one more").isNull();
    }

    private static List<ReceiveBuffer> take(ReceiveBuffers from, int count) {
        AtomicInteger signals = new AtomicInteger();
        ReceiveClaim claim = new ReceiveClaim(from, signals::incrementAndGet);
        List<ReceiveBuffer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int before = signals.get();
            ReceiveBuffer buffer = claim.take();
            if (buffer == null) {
                assertThat(signals).as("it may try again").hasValue(before + 1);
                buffer = claim.take();
            }
            assertThat(buffer).isNotNull();
            all.add(buffer);
        }
        return all;
    }

    private static void requireSignalled(Consumer<ReceiveBuffer> end) {
        ReceiveBuffers buffers = new ReceiveBuffers(new ReceiveLimits(64, 1, 1));
        ReceiveClaim had = new ReceiveClaim(buffers, () -> {
            throw new OutOfMemoryError("as the queue of commands may");
        });
        AtomicInteger signals = new AtomicInteger();
        ReceiveClaim waits = new ReceiveClaim(buffers.another(), signals::incrementAndGet);
        ReceiveBuffer buffer = had.take();
        assertThat(had.take()).as("it waits for its credit").isNull();
        assertThat(waits.take()).as("it waits for any").isNull();
        assertThatThrownBy(() -> end.accept(buffer)).isInstanceOf(OutOfMemoryError.class);
        assertThat(signals).hasValue(1);
        assertThat(waits.take()).isNotNull();
    }
}
