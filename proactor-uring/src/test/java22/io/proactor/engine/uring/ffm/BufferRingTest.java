package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.RingBench.Seen;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Buffers that the kernel picks when data is there. */
final class BufferRingTest {

    private static final int GROUP = 3;
    private static final int BYTES = 4;

    @Test
    void kernelTakesBuffersInTheOrderInWhichTheyWereAdded() throws Exception {
        try (RingBench bench = RingBench.open()) {
            BufferRing buffers = buffers(bench, 9, 7_000, 5);
            bench.enabled();
            int fd = bench.connection();
            bench.say("abcdefgh");
            for (int expected : new int[] {9, 7_000}) {
                bench.ring.recvSelect(fd, GROUP, 0, 0, 0, 0, 1);
                Seen seen = bench.one();
                assertThat(seen.result()).isEqualTo(BYTES);
                assertThat(seen.bufferId()).isEqualTo(expected);
            }
            assertThat(bench.text(0, 8)).isEqualTo("abcdefgh");
            assertThat(buffers.group()).isEqualTo(GROUP);
        }
    }

    @Test
    void waitingReceiveHoldsNoBuffer() throws Exception {
        try (RingBench bench = RingBench.open()) {
            buffers(bench, 1);
            bench.enabled();
            int idle = bench.connection();
            bench.ring.recvSelect(idle, GROUP, 0, 0, 0, 0, 1);
            int busy = bench.connection();
            bench.say("abc");
            bench.ring.recvSelect(busy, GROUP, 2, 0, 0, 0, 2);
            Seen seen = bench.one();
            assertThat(seen.userData()).isEqualTo(2);
            assertThat(seen.result()).isEqualTo(2);
            assertThat(seen.bufferId()).isEqualTo(1);
        }
    }

    @Test
    void emptyGroupEndsAMultishotReceiveAndNoByteIsLost() throws Exception {
        try (RingBench bench = RingBench.open()) {
            BufferRing buffers = buffers(bench, 0, 1);
            bench.enabled();
            int fd = bench.connection();
            bench.ring.recvSelect(fd, GROUP, 0, 0, Sqe.IORING_RECV_MULTISHOT, 0, 1);
            bench.say("abcdefghij");
            List<Seen> seen = bench.await(3);
            assertThat(seen).extracting(Seen::result).containsExactly(4, 4, -Errno.ENOBUFS);
            assertThat(seen).extracting(Seen::more).containsExactly(true, true, false);
            assertThat(bench.text(0, 8)).isEqualTo("abcdefgh");
            buffers.add(bench.memory.address() + BYTES, BYTES, 1);
            buffers.publish();
            bench.ring.recvSelect(fd, GROUP, 0, 0, Sqe.IORING_RECV_MULTISHOT, 0, 2);
            assertThat(bench.one()).satisfies(again -> {
                assertThat(again.result()).isEqualTo(2);
                assertThat(again.bufferId()).isEqualTo(1);
            });
            assertThat(bench.text(BYTES, 2)).isEqualTo("ij");
        }
    }

    @Test
    void buffersGoRoundManyTimes() throws Exception {
        try (RingBench bench = RingBench.open()) {
            BufferRing buffers = buffers(bench, 0, 1, 2, 3);
            bench.enabled();
            int fd = bench.connection();
            bench.ring.recvSelect(fd, GROUP, 0, 0, Sqe.IORING_RECV_MULTISHOT, 0, 1);
            // More than 65,536 buffers in all would take long; the tail wraps at the entries, too.
            for (int i = 0; i < 200; i++) {
                bench.say("xy");
                Seen seen = bench.one();
                assertThat(seen.result()).isEqualTo(2);
                int id = seen.bufferId();
                assertThat(id).isEqualTo(i % 4);
                buffers.add(bench.memory.address() + (long) id * BYTES, BYTES, id);
                buffers.publish();
            }
        }
    }

    /** Buffers of four bytes each, the first at the beginning of the bench's memory. */
    private static BufferRing buffers(RingBench bench, int... ids) throws SystemCallException {
        BufferRing ring = bench.ring.registerBufferRing(GROUP, 4);
        for (int i = 0; i < ids.length; i++) {
            ring.add(bench.memory.address() + (long) i * BYTES, BYTES, ids[i]);
        }
        ring.publish();
        return ring;
    }
}
