package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.StreamSocket;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.RingFaults;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rings that are too small, buffers that run out, and transfers that are cut short. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class RingLimitFaultTest {

    private static final long SEED = Long.getLong("proactor.test.seed", 20_261_122L);

    /** So small that one enter brings more. */
    private static final int COMPLETIONS = 16;

    /** The kernel does the work of about twenty completions in one enter. */
    private static final int MANY = 100;

    @Test
    @DisplayName("C3 completions that find the queue full all arrive, and are the right ones")
    void overflowedCompletionQueueLosesNothing() throws Exception {
        try (UringBench bench = new UringBench((submissions, completions, flags) ->
                KernelRing.open(8, COMPLETIONS, flags))) {
            Acceptor acceptor = bench.listen();
            List<Link> links = links(bench, acceptor, MANY);
            List<ByteBuffer> targets = new ArrayList<>();
            List<Call<Integer>> reads = new ArrayList<>();
            for (Link each : links) {
                reads.add(read(bench, each.socket(), targets));
            }
            bench.turns();
            CountDownLatch gate = stop(bench);
            sendNumbers(links);
            gate.countDown();
            assertNumbers(reads, targets);
            assertThat(bench.watch().overflows).as("overflows").hasPositiveValue();
        }
    }

    @Test
    @DisplayName("C3 a ring that says it has overflowed, again and again, loses nothing")
    void pretendedOverflowsLoseNothing() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.OVERFLOW, 50).with(Fault.DELAY, 50);
        try (UringBench bench = new UringBench(faults.factory())) {
            Acceptor acceptor = bench.listen();
            List<Link> links = links(bench, acceptor, MANY);
            for (int round = 0; round < 10; round++) {
                List<ByteBuffer> targets = new ArrayList<>();
                List<Call<Integer>> reads = new ArrayList<>();
                for (Link each : links) {
                    reads.add(read(bench, each.socket(), targets));
                }
                sendNumbers(links);
                assertNumbers(reads, targets);
            }
            assertThat(faults.struck(Fault.OVERFLOW)).isPositive();
        }
    }

    @Test
    @DisplayName("C4 ten times as many operations in one turn as the submission queue has room for")
    void fullSubmissionQueueDropsNothing() throws Exception {
        try (UringBench bench = new UringBench((submissions, completions, flags) ->
                KernelRing.open(4, 64, flags))) {
            readAndWriteInOneTurn(bench);
            assertThat(bench.watch().full).as("questions without room").hasPositiveValue();
        }
    }

    @Test
    @DisplayName("C4 the same when the queue is now and then full earlier, and the kernel is busy")
    void pretendedFullQueueDropsNothing() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.FULL, 60).with(Fault.BUSY, 30)
                .with(Fault.DELAY, 30);
        try (UringBench bench = new UringBench(faults.factory())) {
            readAndWriteInOneTurn(bench);
            assertThat(faults.struck(Fault.FULL)).isPositive();
            assertThat(faults.struck(Fault.BUSY)).isPositive();
        }
    }

    private static void readAndWriteInOneTurn(UringBench bench) throws Exception {
        List<Link> links = links(bench, bench.listen(), 20);
        List<ByteBuffer> targets = new ArrayList<>();
        List<Call<Integer>> reads = new ArrayList<>();
        List<Call<Integer>> writes = new ArrayList<>();
        onLoop(bench, () -> {
            for (Link each : links) {
                reads.add(read(bench, each.socket(), targets));
                Call<Integer> write = bench.call();
                each.socket().write(number(writes.size()), null, write);
                writes.add(write);
            }
        });
        for (int i = 0; i < links.size(); i++) {
            assertThat(writes.get(i).value()).isEqualTo(4);
            assertThat(ByteBuffer.wrap(links.get(i).take(4)).getInt()).isEqualTo(i);
        }
        sendNumbers(links);
        assertNumbers(reads, targets);
    }

    /** More connections are readable than there are buffers, before anybody asks. */
    @Test
    @DisplayName("C11 when the kernel has no buffer left to pick, reads wait for one and lose "
            + "nothing")
    void readsGoOnWhenBuffersRunOut() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            List<Link> links = links(bench, bench.listen(), 600);
            sendNumbers(links);
            List<ByteBuffer> targets = new ArrayList<>();
            List<Call<Integer>> reads = new ArrayList<>();
            onLoop(bench, () -> {
                for (Link each : links) {
                    reads.add(read(bench, each.socket(), targets));
                }
            });
            assertNumbers(reads, targets);
            assertThat(bench.watch().errors(Errno.ENOBUFS)).as("ENOBUFS").isPositive();
        }
    }

    @Test
    @DisplayName("C11 the same when every other pick fails")
    void readsGoOnWhenPicksFail() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.NO_BUFFERS, 50)
                .with(Fault.DELAY, 30);
        try (UringBench bench = new UringBench(faults.factory())) {
            List<Link> links = links(bench, bench.listen(), 64);
            for (int round = 0; round < 10; round++) {
                List<ByteBuffer> targets = new ArrayList<>();
                List<Call<Integer>> reads = new ArrayList<>();
                for (Link each : links) {
                    reads.add(read(bench, each.socket(), targets));
                }
                sendNumbers(links);
                assertNumbers(reads, targets);
            }
            assertThat(faults.struck(Fault.NO_BUFFERS)).isPositive();
        }
    }

    @Test
    @DisplayName("C12 short receives and sends go on where they stopped")
    void shortTransfersAddUp() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.SHORTEN, 80)
                .with(Fault.INTERRUPT, 20);
        try (UringBench bench = new UringBench(faults.factory())) {
            Link link = bench.accepted(bench.listen());
            link.socket().setOption(StandardSocketOptions.SO_SNDBUF, 4_096);
            for (boolean direct : new boolean[] {true, false}) {
                bothWays(bench, link, 1 << 18, direct);
            }
            assertThat(faults.struck(Fault.SHORTEN)).isPositive();
            assertThat(faults.struck(Fault.INTERRUPT)).isPositive();
        }
    }

    private static void bothWays(UringBench bench, Link link, int bytes, boolean direct)
            throws Exception {
        byte[] sent = new byte[bytes];
        new SplittableRandom(SEED).nextBytes(sent);
        ByteBuffer target = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
        ByteBuffer source = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
        source.put(sent).flip();
        Call<Integer> read = bench.call();
        Call<Integer> write = bench.call();
        link.socket().readExactly(target, null, read);
        link.socket().write(source, null, write);
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            try {
                link.send(sent);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(link.take(bytes)).isEqualTo(sent);
        assertThat(write.value()).isEqualTo(bytes);
        assertThat(read.value()).isEqualTo(bytes);
        sender.get(20, TimeUnit.SECONDS);
        byte[] received = new byte[bytes];
        target.flip().get(received);
        assertThat(received).isEqualTo(sent);
    }

    // ---- Connections that are told apart by a number ------------------------------------------

    private static List<Link> links(UringBench bench, Acceptor acceptor, int count)
            throws Exception {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            links.add(bench.accepted(acceptor));
        }
        return links;
    }

    /** On the heap, so that the kernel picks a buffer. */
    private static Call<Integer> read(UringBench bench, StreamSocket socket,
            List<ByteBuffer> targets) {
        ByteBuffer target = ByteBuffer.allocate(4);
        targets.add(target);
        Call<Integer> read = bench.call();
        socket.readExactly(target, null, read);
        return read;
    }

    private static ByteBuffer number(int i) {
        return ByteBuffer.allocate(4).putInt(0, i);
    }

    private static void sendNumbers(List<Link> links) throws Exception {
        for (int i = 0; i < links.size(); i++) {
            links.get(i).send(number(i).array());
        }
    }

    private static void assertNumbers(List<Call<Integer>> reads, List<ByteBuffer> targets)
            throws Exception {
        for (int i = 0; i < reads.size(); i++) {
            assertThat(reads.get(i).value()).isEqualTo(4);
            assertThat(targets.get(i).getInt(0)).isEqualTo(i);
        }
    }

    private static void onLoop(UringBench bench, Runnable body) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        bench.proactor().post("", null, Posted.of(() -> {
            body.run();
            done.complete(null);
        }));
        done.get(20, TimeUnit.SECONDS);
    }

    /** Stops the loop, inside a handler, until the gate is opened. */
    private static CountDownLatch stop(UringBench bench) throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        bench.proactor().post("", null, Posted.of(() -> {
            stopped.countDown();
            try {
                gate.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
        return gate;
    }
}
