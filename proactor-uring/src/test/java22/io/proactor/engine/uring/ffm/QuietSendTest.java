package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.RingBench.Seen;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the kernel does with a send that must not wait and tells only failure: that it is carried
 * out, and its failure is told, before the enter that submits it returns.
 */
final class QuietSendTest {

    private static final int FLAGS = SocketFlags.MSG_NOSIGNAL | SocketFlags.MSG_DONTWAIT
            | SocketFlags.MSG_WAITALL;
    private static final int QUIET = Sqe.IOSQE_CQE_SKIP_SUCCESS;

    @Test
    void wholeSendIsOutWhenEnterReturnsAndTellsNothing() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            bench.ring.send(fd, bench.memory.address(), 5, FLAGS, 0, QUIET, 1);
            assertThat(bench.ring.enter(0, 0)).isEqualTo(1);
            assertThat(bench.ring.prepared()).isZero();
            assertThat(bench.ring.ready()).isZero();
            assertThat(bench.lastPeer().getInputStream().readNBytes(5)).hasSize(5);
        }
    }

    @Test
    void shortSendTellsItsBytesAndFullSocketThatThereIsNoRoom() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            SystemCalls.setOption(fd, SocketFlags.SOL_SOCKET, SocketFlags.SO_SNDBUF, 4_096);
            int length = (int) bench.memory.bytes();
            int sent = 0;
            int shorts = 0;
            List<Seen> seen;
            do {
                bench.ring.send(fd, bench.memory.address(), length, FLAGS, 0, QUIET, 1);
                bench.ring.enter(0, 0);
                seen = reap(bench.ring);
                int result = seen.isEmpty() ? length : seen.get(0).result();
                shorts += result >= 0 && result < length ? 1 : 0;
                sent += Math.max(0, result);
            } while (seen.isEmpty() || seen.get(0).result() >= 0);
            assertThat(seen).extracting(Seen::result).containsExactly(-Errno.EAGAIN);
            assertThat(shorts).as("sends that went out in part").isPositive();
            assertThat(bench.lastPeer().getInputStream().readNBytes(sent)).hasSize(sent);
        }
    }

    @Test
    void failureIsToldAtOnce() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            SystemCalls.shutdown(fd, SocketFlags.SHUT_WR);
            bench.ring.send(fd, bench.memory.address(), 5, FLAGS, 0, QUIET, 1);
            bench.ring.send(-1, bench.memory.address(), 5, FLAGS, 0, QUIET, 2);
            bench.ring.enter(0, 0);
            assertThat(reap(bench.ring)).extracting(Seen::result)
                    .containsExactly(-Errno.EPIPE, -Errno.EBADF);
        }
    }

    @Test
    void failuresThatFindNoRoomAreKeptWhileTheRingSaysThatItHasOverflowed() throws Exception {
        try (KernelRing ring = KernelRing.open(32, 32, SetupFlags.PREFERRED)) {
            ring.enable();
            int capacity = ring.completionEntries();
            int count = 3 * capacity;
            for (int i = 0; i < count; i++) {
                if (ring.space() == 0) {
                    ring.enter(0, 0);
                }
                ring.send(-1, 0, 5, FLAGS, 0, QUIET, i + 1);
            }
            ring.enter(0, 0);
            assertThat(ring.prepared()).isZero();
            assertThat(ring.overflowed()).isTrue();
            List<Seen> seen = reap(ring);
            while (ring.overflowed()) {
                ring.enter(0, 0);
                seen.addAll(reap(ring));
            }
            assertThat(seen).extracting(Seen::result).hasSize(count)
                    .containsOnly(-Errno.EBADF);
        }
    }

    private static List<Seen> reap(Ring ring) {
        long[] userData = new long[256];
        int[] results = new int[256];
        int[] flags = new int[256];
        int count = ring.reap(userData, results, flags);
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seen.add(new Seen(userData[i], results[i], flags[i]));
        }
        return seen;
    }
}
