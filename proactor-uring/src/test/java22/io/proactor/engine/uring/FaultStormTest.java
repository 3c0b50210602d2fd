package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.ProactorOptions;
import io.proactor.contract.Until;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.RingFaults;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Echoes over rings that do to their user whatever a kernel may do, from many seeds. Every handler
 * is called once, every byte is the right one, no buffer that was given back is written to, and at
 * the end everything is back.
 */
@EnabledIfAvailable
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class FaultStormTest {

    private static final int SEEDS = Integer.getInteger("proactor.test.storms", 150);
    private static final int CLIENTS = 3;

    /** What a program does not notice. */
    private static final Fault[] HARMLESS = {Fault.SHORTEN, Fault.INTERRUPT, Fault.NO_BUFFERS,
        Fault.BUFFER_AT_END, Fault.DELAY, Fault.CLEAR_MORE, Fault.FULL, Fault.OVERFLOW, Fault.BUSY,
        Fault.REPEAT};

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @Test
    @DisplayName("C3-C15 hundreds of seeds with all faults at once: exactly once, byte for byte, "
            + "and nothing is left")
    void stormsOfFaultsLeaveNothingWrong() throws Exception {
        long base = Long.getLong("proactor.test.seed", System.nanoTime());
        System.out.println("stormsOfFaultsLeaveNothingWrong: -Dproactor.test.seed=" + base);
        try {
            for (int i = 0; i < SEEDS; i++) {
                try {
                    storm(base + i);
                } catch (Exception | Error e) {
                    throw new AssertionError("With -Dproactor.test.seed=" + (base + i), e);
                }
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** So many connections that what gets lost by and by, such as buffers, runs out. */
    @Test
    @DisplayName("C11 in one long storm nothing gets lost by and by")
    void longStormUsesNothingUp() throws Exception {
        long seed = Long.getLong("proactor.test.seed", System.nanoTime());
        System.out.println("longStormUsesNothingUp: -Dproactor.test.seed=" + seed);
        RingFaults faults = new RingFaults(seed);
        for (Fault each : HARMLESS) {
            faults.with(each, 15);
        }
        try (UringBench bench = new UringBench(faults.factory())) {
            EchoServer server = new EchoServer(bench.listen());
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                ends.add(clients.submit(new StormClient(bench, server.acceptor().localAddress(),
                        seed + i, 120, false)));
            }
            for (Future<Void> each : ends) {
                each.get(120, TimeUnit.SECONDS);
            }
            faults.pause();
            server.close();
            Until.until("all that the server has begun has ended",
                    () -> server.unbalanced() == 0);
            if (Availability.get().usable().multishot()) {
                assertThat(bench.watch().streams).as("receives that go on").hasPositiveValue();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private void storm(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        RingFaults faults = new RingFaults(seed);
        for (Fault each : HARMLESS) {
            faults.with(each, random.nextInt(3) == 0 ? 0 : random.nextInt(40));
        }
        faults.with(Fault.FAIL_ACCEPT, random.nextInt(4)).with(Fault.FAIL_CONNECT,
                random.nextInt(20));
        boolean resets = random.nextInt(3) == 0;
        faults.with(Fault.RESET, resets ? 3 : 0);
        boolean lost = random.nextInt(8) == 0;
        try (UringBench bench = new UringBench(faults.factory(), features(random),
                options -> options(options, random))) {
            if (lost) {
                bench.expectLoss();
            }
            EchoServer server = new EchoServer(bench.listen());
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                ends.add(clients.submit(new StormClient(bench, server.acceptor().localAddress(),
                        random.nextLong(), 3, resets || lost)));
            }
            if (lost) {
                Until.until("they are at it",
                        () -> bench.proactor().statistics().issued() > 60);
                bench.watch().lose();
            }
            for (Future<Void> each : ends) {
                each.get(60, TimeUnit.SECONDS);
            }
            faults.pause();
            server.close();
            Until.until("all that the server has begun has ended",
                    () -> server.unbalanced() == 0);
            trip(bench);
            Until.until("every lease is closed", () -> bench.proactor().leasesOpen() == 0);
        }
    }

    private static Features features(SplittableRandom random) {
        Features all = Availability.get().usable();
        return random.nextInt(3) > 0 ? all : new Features(all.setupFlags(), false, false,
                random.nextBoolean(), random.nextBoolean(), all.links(), all.sendFile());
    }

    private static ProactorOptions options(ProactorOptions options, SplittableRandom random) {
        ProactorOptions some = options.withLoops(1 + random.nextInt(2));
        if (random.nextInt(3) == 0) {
            some = some.withReceiveLimits(new ReceiveLimits(256, 2, 1));  // leases run out
        }
        return random.nextBoolean() ? some : some.withPooledDispatcher(2);
    }

    /** After all that it still works. */
    private static void trip(UringBench bench) throws Exception {
        Link link = bench.accepted(bench.listen());
        ByteBuffer target = ByteBuffer.allocate(3);
        Call<Integer> read = bench.call();
        link.socket().readExactly(target, null, read);
        link.send(new byte[] {1, 2, 3});
        assertThat(read.value()).isEqualTo(3);
        assertThat(target.array()).containsExactly(1, 2, 3);
    }
}
