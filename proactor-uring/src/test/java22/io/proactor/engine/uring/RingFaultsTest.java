package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Proactor;
import io.proactor.ProactorListener;
import io.proactor.ProactorOptions;
import io.proactor.engine.uring.EchoOverRings.Memory;
import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.RingFactory;
import io.proactor.engine.uring.ffm.RingFaults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What connections notice of a kernel that is slow, short of memory, or out of order: nothing. */
@EnabledIfAvailable
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RingFaultsTest {

    private static final int CLIENTS = 24;
    private static final int MESSAGES = 40;

    private final long seed = Long.getLong("proactor.test.seed", System.nanoTime());
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void endClients() {
        clients.shutdownNow();
    }

    /** As with the kernel's own queues on a machine that has nothing left. */
    private RingFaults tiring() {
        System.out.println("RingFaultsTest: -Dproactor.test.seed=" + seed);
        return new RingFaults(seed).with(Fault.SHORTEN, 30).with(Fault.INTERRUPT, 10)
                .with(Fault.DELAY, 20).with(Fault.FULL, 20).with(Fault.OVERFLOW, 10)
                .with(Fault.BUSY, 10).with(Fault.NO_BUFFERS, 10).with(Fault.CLEAR_MORE, 10)
                .with(Fault.REPEAT, 5);
    }

    @ParameterizedTest
    @EnumSource
    void echoesAreWholeUnderFaults(Memory memory) throws Exception {
        RingFaults faults = tiring();
        try (Proactor proactor = open(faults.factory())) {
            echo(new EchoOverRings(proactor, memory));
        }
        for (Fault each : List.of(Fault.SHORTEN, Fault.INTERRUPT, Fault.DELAY, Fault.FULL,
                Fault.OVERFLOW, Fault.BUSY, Fault.REPEAT)) {
            assertThat(faults.struck(each)).as("%s", each).isPositive();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void echoesAreWholeWithQueuesOfFewEntries() throws Exception {
        RingFactory tiny = (submissions, completions, flags) -> KernelRing.open(2, 4, flags);
        for (Memory memory : Memory.values()) {
            try (Proactor proactor = open(tiny)) {
                echo(new EchoOverRings(proactor, memory));
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void acceptsThatFailCostNoClient() throws Exception {
        RingFaults faults = new RingFaults(seed).with(Fault.FAIL_ACCEPT, 30)
                .with(Fault.INTERRUPT, 20).with(Fault.DELAY, 20);
        try (Proactor proactor = open(faults.factory())) {
            echo(new EchoOverRings(proactor, Memory.DIRECT));
        }
        assertThat(faults.struck(Fault.FAIL_ACCEPT)).isPositive();
        assertThat(failures).isEmpty();
    }

    @Test
    void lostRingEndsItsConnectionsAndTheLoopGoesOn() throws Exception {
        RingFaults faults = new RingFaults(seed).with(Fault.LOST, 5);
        try (Proactor proactor = open(faults.factory())) {
            EchoOverRings before = new EchoOverRings(proactor, Memory.DIRECT);
            assertThatThrownBy(() -> before.client(seed, 10_000))
                    .isInstanceOf(IOException.class);
            faults.pause();
            echo(new EchoOverRings(proactor, Memory.HEAP));
            assertThat(faults.struck(Fault.LOST)).isPositive();
            assertThat(failures).hasAtLeastOneElementOfType(RingFailure.class);
        }
    }

    private void echo(EchoOverRings echo) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            long own = seed + i;
            running.add(clients.submit(() -> {
                echo.client(own, MESSAGES);
                return null;
            }));
        }
        for (Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    /** Two loops; a close that awaits all that is left, so that nothing may be lost. */
    private Proactor open(RingFactory rings) throws IOException {
        return RingsProvider.open(ProactorOptions.defaults().withLoops(2)
                .withListener(new ProactorListener() {
                    @Override
                    public void processorFailed(Throwable failure) {
                        failures.add(failure);
                    }
                }), rings);
    }
}
