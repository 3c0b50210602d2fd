package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.RingBench.Seen;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** That the faults are what they say, and that no byte and no completion is lost by them. */
final class FaultyRingTest {

    private static final long SEED = Long.getLong("proactor.test.seed", 20_261_122L);

    @Test
    void sameSeedGivesTheSameOrder() throws Exception {
        List<Long> first = orderOfNops(SEED);
        assertThat(orderOfNops(SEED)).isEqualTo(first);
        assertThat(orderOfNops(SEED + 1)).isNotEqualTo(first);
        assertThat(first).isNotEqualTo(LongStream.range(0, 20).boxed().toList());
    }

    private static List<Long> orderOfNops(long seed) throws Exception {
        RingFaults faults = new RingFaults(seed).with(Fault.DELAY, 50);
        try (RingBench bench = bench(faults)) {
            for (int i = 0; i < 20; i++) {
                bench.ring.nop(0, i);
            }
            return bench.await(20).stream().map(Seen::userData).toList();
        }
    }

    @Test
    void everyCompletionComesOnce() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.DELAY, 30).with(Fault.OVERFLOW, 30)
                .with(Fault.FULL, 30).with(Fault.BUSY, 30);
        try (RingBench bench = bench(faults)) {
            for (int round = 0; round < 50; round++) {
                List<Long> expected = new ArrayList<>();
                for (long i = 0; i < 40; i++) {
                    while (bench.ring.space() == 0) {
                        assertThat(bench.ring.enter(0, 0)).isNotNegative();
                    }
                    bench.ring.nop(0, i);
                    expected.add(i);
                }
                assertThat(bench.await(40)).extracting(Seen::userData)
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
            for (Fault fault : new Fault[] {Fault.DELAY, Fault.OVERFLOW, Fault.FULL, Fault.BUSY}) {
                assertThat(faults.struck(fault)).as(fault.name()).isPositive();
            }
        }
    }

    @Test
    void endedMultishotLosesNoByte() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.CLEAR_MORE, 40)
                .with(Fault.DELAY, 20).with(Fault.NO_BUFFERS, 20);
        try (RingBench bench = RingBench.open(32, 64, 0, faults::around)) {
            BufferRing buffers = bench.ring.registerBufferRing(1, 4);
            for (int i = 0; i < 4; i++) {
                buffers.add(bench.memory.address() + i * 8L, 8, i);
            }
            buffers.publish();
            bench.enabled();
            int fd = bench.connection();
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            String sent = "The quick brown fox jumps over the lazy dog. ".repeat(8);
            long generation = 0;
            int said = 0;
            bench.ring.recvSelect(fd, 1, 0, 0, Sqe.IORING_RECV_MULTISHOT, 0, generation);
            while (got.size() < sent.length()) {
                // In small pieces: what has all come at once can hardly be cut off.
                if (said == got.size()) {
                    said = Math.min(said + 11, sent.length());
                    bench.say(sent.substring(got.size(), said));
                }
                Seen seen = bench.next();
                assertThat(seen.userData()).isEqualTo(generation);
                int id = seen.bufferId();
                if (id >= 0) {
                    got.writeBytes(bench.text(id * 8L, seen.result()).getBytes(
                            StandardCharsets.US_ASCII));
                    buffers.add(bench.memory.address() + id * 8L, 8, id);
                    buffers.publish();
                } else {
                    assertThat(seen.result()).isEqualTo(-Errno.ENOBUFS);
                }
                if (!seen.more()) {
                    generation++;
                    bench.ring.recvSelect(fd, 1, 0, 0, Sqe.IORING_RECV_MULTISHOT, 0, generation);
                }
            }
            assertThat(got.toString(StandardCharsets.US_ASCII)).isEqualTo(sent);
            assertThat(faults.struck(Fault.CLEAR_MORE)).isPositive();
            assertThat(faults.struck(Fault.NO_BUFFERS)).isPositive();
        }
    }

    @Test
    void shortAndInterruptedSendsLoseNoByte() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.SHORTEN, 70).with(Fault.INTERRUPT, 30);
        try (RingBench bench = bench(faults)) {
            int listener = bench.listener();
            bench.peer(listener);
            int fd;
            do {
                bench.ring.accept(listener, 0, 0, SocketFlags.SOCK_CLOEXEC, Ring.NO_SLOT, 0, 0, 1);
                fd = bench.one().result();
            } while (interrupted(fd));
            bench.descriptor(fd);
            byte[] sent = "0123456789".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
            bench.memory.buffer(0, sent.length).put(sent);
            int done = 0;
            while (done < sent.length) {
                bench.ring.send(fd, bench.memory.address() + done,
                        Math.min(sent.length - done, 1_000),
                        SocketFlags.MSG_NOSIGNAL, 0, 0, 1);
                int result = bench.one().result();
                assertThat(result > 0 || interrupted(result)).as("result " + result).isTrue();
                done += Math.max(result, 0);
            }
            assertThat(bench.lastPeer().getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            assertThat(faults.struck(Fault.SHORTEN)).isPositive();
            assertThat(faults.struck(Fault.INTERRUPT)).isPositive();
        }
    }

    private static boolean interrupted(int result) {
        return result == -Errno.EINTR || result == -Errno.EAGAIN;
    }

    @Test
    void chainKeepsItsOrder() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.DELAY, 60);
        try (RingBench bench = bench(faults)) {
            for (int round = 0; round < 20; round++) {
                bench.ring.nop(Sqe.IOSQE_IO_LINK, 1);
                bench.ring.nop(Sqe.IOSQE_IO_HARDLINK, 2);
                bench.ring.nop(0, 3);
                bench.ring.nop(0, 4);
                assertThat(bench.await(4)).extracting(Seen::userData)
                        .filteredOn(userData -> userData != 4).containsExactly(1L, 2L, 3L);
            }
        }
    }

    @Test
    void repeatedCompletionsComeTwice() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.REPEAT, 100);
        try (RingBench bench = bench(faults)) {
            bench.ring.nop(0, 5);
            bench.ring.nop(0, 6);
            assertThat(bench.await(4)).extracting(Seen::userData)
                    .containsExactlyInAnyOrder(5L, 6L, 5L, 6L);
        }
    }

    @Test
    void lostRingStaysLost() throws Exception {
        RingFaults faults = new RingFaults(SEED);
        RingBench bench = bench(faults);
        faults.with(Fault.LOST, 100);
        bench.ring.nop(0, 1);
        assertThat(bench.ring.enter(1, TimeUnit.SECONDS.toNanos(1))).isEqualTo(-Errno.EBADR);
        faults.pause();
        assertThat(bench.ring.enter(0, 0)).isEqualTo(-Errno.EBADR);
        bench.ring.close();
        bench.memory.close();
    }

    private static RingBench bench(RingFaults faults) throws SystemCallException {
        return RingBench.open(32, 64, 0, faults::around).enabled();
    }
}
