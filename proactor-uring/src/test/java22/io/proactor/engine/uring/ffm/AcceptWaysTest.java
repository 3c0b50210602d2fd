package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.proactor.engine.uring.ffm.RingBench.Seen;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The ways in which a ring can take a connection and its first bytes: that each works, also when
 * one half of a link is cancelled, and what each costs. Decision 18 rests on this.
 */
final class AcceptWaysTest {

    private static final String HELLO = "hello";
    private static final int ROUNDS = Integer.getInteger("proactor.test.accepts", 20);
    private static final int CONNECTIONS = 20;
    private static final int SLOT = 0;
    private static final int LENGTH_AT = 512;
    private static final int BYTES_AT = 1_024;

    /** Takes one connection, and closes it. */
    @FunctionalInterface
    private interface Way {
        void take(RingBench bench, int listener) throws Exception;
    }

    private static final List<String> NAMES = List.of("poll, then accept, then receive",
            "armed accept, then receive", "armed accept into a slot, linked receive, install",
            "armed accept into a slot, linked receive");
    private static final List<Way> WAYS = List.of(AcceptWaysTest::polled, AcceptWaysTest::armed,
            (bench, listener) -> linked(bench, listener, true),
            (bench, listener) -> linked(bench, listener, false));

    @Test
    void eachWayBringsTheFirstBytes() throws Exception {
        double[][] micros = new double[WAYS.size()][ROUNDS];
        try (RingBench bench = RingBench.open(32, 64, 1, ring -> ring).enabled()) {
            int listener = bench.listener();
            for (int round = 0; round < ROUNDS; round++) {
                for (int way = 0; way < WAYS.size(); way++) {
                    micros[way][round] = microsEach(WAYS.get(way), bench, listener);
                }
            }
        }
        for (int way = 0; way < WAYS.size(); way++) {
            System.out.printf("%-50s %.1f us of CPU, client and all; %+.1f beside the first%n",
                    NAMES.get(way), median(micros[way], value -> value),
                    median(difference(micros[way], micros[0]), value -> value));
        }
    }

    private static double microsEach(Way way, RingBench bench, int listener) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            way.take(bench, listener);
        }
        return (threads.getCurrentThreadCpuTime() - before) / 1e3 / CONNECTIONS;
    }

    private static double[] difference(double[] values, double[] others) {
        double[] difference = new double[values.length];
        Arrays.setAll(difference, i -> values[i] - others[i]);
        return difference;
    }

    private static double median(double[] values, DoubleUnaryOperator of) {
        double[] sorted = Arrays.stream(values).map(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void polled(RingBench bench, int listener) throws Exception {
        bench.ring.poll(listener, SocketFlags.POLLIN, false, 0, 1);
        assertThat(bench.ring.enter(0, 0)).isEqualTo(1);
        bench.hello(listener);
        assertThat(bench.one().result()).isPositive();
        accept(bench, listener, Ring.NO_SLOT, Sqe.IORING_ACCEPT_DONTWAIT, 0);
        receive(bench, bench.one().result());
    }

    private static void armed(RingBench bench, int listener) throws Exception {
        accept(bench, listener, Ring.NO_SLOT, 0, 0);
        assertThat(bench.ring.enter(0, 0)).isEqualTo(1);
        bench.hello(listener);
        receive(bench, bench.one().result());
    }

    private static void receive(RingBench bench, int fd) {
        assertThat(fd).isPositive();
        bench.ring.recv(fd, bench.memory.address() + BYTES_AT, 64, 0, 0, 0, 3);
        assertThat(bench.one().result()).isEqualTo(HELLO.length());
        assertHello(bench);
        assertThat(SystemCalls.close(fd)).isZero();
    }

    private static void linked(RingBench bench, int listener, boolean install) throws Exception {
        armLinked(bench, listener);
        bench.hello(listener);
        List<Seen> seen = bench.await(2);
        assertThat(RingBench.of(seen, 2).result()).isZero();
        assertThat(RingBench.of(seen, 3).result()).isEqualTo(HELLO.length());
        assertHello(bench);
        if (install) {
            bench.ring.installDescriptor(SLOT, Sqe.IOSQE_IO_HARDLINK, 4);
        }
        bench.ring.closeSlot(SLOT, 0, 5);
        seen = bench.await(install ? 2 : 1);
        if (install) {
            assertThat(SystemCalls.close(RingBench.of(seen, 4).result())).isZero();
        }
        assertThat(RingBench.of(seen, 5).result()).isZero();
    }

    private static void armLinked(RingBench bench, int listener) {
        accept(bench, listener, SLOT, 0, Sqe.IOSQE_IO_LINK);
        bench.ring.recv(SLOT, bench.memory.address() + BYTES_AT, 64, 0, 0, Sqe.IOSQE_FIXED_FILE,
                3);
        assertThat(bench.ring.enter(0, 0)).isEqualTo(2);
    }

    private static void accept(RingBench bench, int listener, int slot, int ioprio, int flags) {
        bench.memory.buffer(LENGTH_AT, Integer.BYTES).order(ByteOrder.nativeOrder())
                .putInt(SocketAddresses.BYTES_MAX);
        bench.ring.accept(listener, bench.memory.address(), bench.memory.address() + LENGTH_AT,
                slot == Ring.NO_SLOT ? SocketFlags.SOCK_CLOEXEC : 0, slot, ioprio, flags, 2);
    }

    private static void assertHello(RingBench bench) {
        byte[] bytes = new byte[HELLO.length()];
        bench.memory.buffer(BYTES_AT, bytes.length).get(bytes);
        assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo(HELLO);
    }

    // ---- Links that are cut -------------------------------------------------------------------

    @Test
    void cancelOfTheAcceptEndsTheReceiveToo() throws Exception {
        try (RingBench bench = RingBench.open(32, 64, 1, ring -> ring).enabled()) {
            int listener = bench.listener();
            armLinked(bench, listener);
            bench.ring.cancel(2, Sqe.IOSQE_CQE_SKIP_SUCCESS, 9);
            List<Seen> seen = bench.await(2);
            assertThat(RingBench.of(seen, 2).result()).isEqualTo(-Errno.ECANCELED);
            assertThat(RingBench.of(seen, 3).result()).isEqualTo(-Errno.ECANCELED);
            linked(bench, listener, false);  // the slot is empty, and the next client is served
        }
    }

    /** A silent client: the deadline for its first byte cancels the second half. */
    @Test
    void cancelOfTheReceiveLeavesTheConnectionInItsSlot() throws Exception {
        try (RingBench bench = RingBench.open(32, 64, 1, ring -> ring).enabled()) {
            int listener = bench.listener();
            armLinked(bench, listener);
            bench.peer(listener);
            assertThat(bench.one().result()).as("the accept").isZero();
            // Before this, the receive has not begun, and a cancel would not find it: ENOENT.
            assertThat(bench.ring.enter(0, 0)).isZero();
            bench.ring.cancel(3, Sqe.IOSQE_CQE_SKIP_SUCCESS, 9);
            assertThat(bench.one().result()).isEqualTo(-Errno.ECANCELED);
            bench.ring.closeSlot(SLOT, 0, 5);
            assertThat(bench.one().result()).isZero();
            assertThat(bench.lastPeer().getInputStream().read()).isEqualTo(-1);
            linked(bench, listener, true);
        }
    }

    /** What a receive that is linked cannot tell: that the client came and went. */
    @Test
    void clientThatGoesAtOnceEndsTheReceiveWithNothing() throws Exception {
        try (RingBench bench = RingBench.open(32, 64, 1, ring -> ring).enabled()) {
            int listener = bench.listener();
            armLinked(bench, listener);
            bench.peer(listener).close();
            List<Seen> seen = bench.await(2);
            assertThat(RingBench.of(seen, 2).result()).isZero();
            assertThat(RingBench.of(seen, 3).result()).isZero();
            bench.ring.closeSlot(SLOT, 0, 5);
            assertThat(bench.one().result()).isZero();
        }
    }
}
