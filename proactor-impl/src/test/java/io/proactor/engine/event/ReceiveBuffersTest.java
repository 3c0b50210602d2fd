package io.proactor.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.util.concurrent.atomic.AtomicInteger;
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
}
