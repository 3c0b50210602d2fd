package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.RingFactory;
import io.proactor.engine.uring.ffm.RingFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sends of which the kernel tells only failure: what is concluded from its silence is true. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class QuietSendsTest {

    private static final long SEED = Long.getLong("proactor.test.seed", 20_261_128L);

    private static final int LINKS = 40;

    /** More than a socket takes at once if it may keep so little. */
    private static final int LARGE_BYTES = 1 << 18;
    private static final int SOCKET_BYTES = 1 << 14;

    @Test
    void writeIsToldThoughNothingElseHappensAndCostsNoCompletion() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            Link link = bench.accepted(bench.listen());
            for (int i = 1; i <= 50; i++) {
                Call<Integer> write = bench.call();
                link.socket().write(ByteBuffer.wrap(new byte[] {1, 2, 3, (byte) i}), null, write);
                assertThat(write.value()).isEqualTo(4);
                assertThat(bench.watch().quiet).hasValue(i);
            }
            assertThat(link.take(200)).hasSize(200);
        }
    }

    @Test
    void whatFindsNoRoomIsToldThoughTheCompletionQueueOverflows() throws Exception {
        RingFactory small = (submissions, completions, flags) -> KernelRing.open(8, 8, flags);
        try (UringBench bench = new UringBench(small)) {
            writeToAll(bench, new SplittableRandom(SEED), LARGE_BYTES);
            assertThat(bench.watch().overflows).as("overflows").hasPositiveValue();
            assertThat(bench.watch().quiet).as("sends that found room").hasPositiveValue();
        }
    }

    @Test
    void nothingIsConcludedWhileTheKernelIsBusyOrKeepsCompletions() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.BUSY, 40).with(Fault.OVERFLOW, 40)
                .with(Fault.INTERRUPT, 50).with(Fault.SHORTEN, 20).with(Fault.DELAY, 20)
                .with(Fault.FULL, 20);
        try (UringBench bench = new UringBench(faults.factory())) {
            writeToAll(bench, new SplittableRandom(SEED), LARGE_BYTES);
            faults.pause();
            for (Fault each : new Fault[] {Fault.BUSY, Fault.OVERFLOW, Fault.INTERRUPT,
                Fault.SHORTEN}) {
                assertThat(faults.struck(each)).as("%s, seed %s", each, SEED).isPositive();
            }
            assertThat(bench.watch().quiet).as("sends that found room").hasPositiveValue();
        }
    }

    /**
     * Writes something large to every other connection, and something small to those between, in
     * one turn in which bytes come from all of them too; then reads and compares.
     */
    private static void writeToAll(UringBench bench, SplittableRandom random, int bytes)
            throws Exception {
        Acceptor acceptor = bench.listen();
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < LINKS; i++) {
            Link link = bench.accepted(acceptor);
            link.socket().setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BYTES);
            links.add(link);
        }
        List<byte[]> sent = new ArrayList<>();
        List<Call<Integer>> writes = new ArrayList<>();
        List<Call<Integer>> reads = new ArrayList<>();
        for (int i = 0; i < LINKS; i++) {
            byte[] some = new byte[i % 2 == 0 ? bytes : 1 + random.nextInt(64)];
            random.nextBytes(some);
            sent.add(some);
            writes.add(bench.call());
            reads.add(bench.call());
            links.get(i).socket().read(ByteBuffer.allocateDirect(4), null, reads.get(i));
        }
        bench.turns();
        bench.proactor().post("", null, Posted.of(() -> {
            for (int i = 0; i < LINKS; i++) {
                sendTo(links.get(i));
            }
            for (int i = 0; i < LINKS; i++) {
                ByteBuffer source = ByteBuffer.allocateDirect(sent.get(i).length)
                        .put(sent.get(i)).flip();
                links.get(i).socket().write(source, null, writes.get(i));
            }
        }));
        for (int i = 0; i < LINKS; i++) {
            assertThat(links.get(i).take(sent.get(i).length)).as("seed %s", SEED)
                    .isEqualTo(sent.get(i));
            assertThat(writes.get(i).value()).isEqualTo(sent.get(i).length);
            assertThat(reads.get(i).value()).isPositive();
        }
    }

    private static void sendTo(Link link) {
        try {
            link.send(new byte[4]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
