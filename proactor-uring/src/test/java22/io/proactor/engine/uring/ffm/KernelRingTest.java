package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.contract.Descriptors;
import io.proactor.engine.uring.ffm.RingBench.Seen;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two queues that are shared with the kernel. */
final class KernelRingTest {

    @Test
    void completionCarriesTheUserDataOfItsSubmission() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            bench.ring.nop(0, Long.MIN_VALUE + 7);
            assertThat(bench.one()).isEqualTo(new Seen(Long.MIN_VALUE + 7, 0, 0));
            assertThat(bench.ring.prepared()).isZero();
        }
    }

    @Test
    void fullSubmissionQueueRefusesAndIsEmptyAfterOneEnter() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            Ring ring = bench.ring;
            assertThat(ring.space()).isEqualTo(RingBench.SUBMISSIONS);
            for (int i = 0; i < RingBench.SUBMISSIONS; i++) {
                ring.nop(0, i);
            }
            assertThat(ring.space()).isZero();
            assertThatThrownBy(() -> ring.nop(0, 99)).isInstanceOf(IllegalStateException.class);
            assertThat(ring.enter(0, 0)).isEqualTo(RingBench.SUBMISSIONS);
            assertThat(ring.space()).isEqualTo(RingBench.SUBMISSIONS);
            assertThat(bench.await(RingBench.SUBMISSIONS)).extracting(Seen::userData)
                    .doesNotHaveDuplicates().doesNotContain(99L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SetupFlags.REQUIRED, SetupFlags.PREFERRED})
    void queuesWrapAroundManyTimes(int setupFlags) throws Exception {
        try (RingBench bench = RingBench.openWith(setupFlags).enabled()) {
            for (int round = 0; round < 1_000; round++) {
                for (int i = 0; i < 7; i++) {
                    bench.ring.nop(0, round * 7L + i);
                }
                List<Seen> seen = bench.await(7);
                for (int i = 0; i < 7; i++) {
                    assertThat(seen.get(i).userData()).isEqualTo(round * 7L + i);
                }
            }
        }
    }

    @Test
    void entriesKeepNothingOfTheirFormerUse() throws Exception {
        try (RingBench bench = RingBench.openWith(SetupFlags.REQUIRED).enabled()) {
            for (int i = 0; i < bench.kernel.submissionEntries(); i++) {
                bench.ring.accept(-1, 1, 1, 1, 7, 0, 0, 1);
            }
            bench.await(bench.kernel.submissionEntries());
            // The kernel looks at these fields before it looks at the descriptor: EINVAL.
            for (int i = 0; i < bench.kernel.submissionEntries(); i++) {
                bench.ring.recvSelect(-1, 7, 9, 0, 0, 0, 2);
            }
            assertThat(bench.await(bench.kernel.submissionEntries()))
                    .extracting(Seen::result).containsOnly(-Errno.EBADF);
            for (int i = 0; i < bench.kernel.submissionEntries(); i++) {
                bench.ring.closeDescriptor(-1, 0, 3);
            }
            assertThat(bench.await(bench.kernel.submissionEntries()))
                    .extracting(Seen::result).containsOnly(-Errno.EBADF);
        }
    }

    @Test
    void completionsBeyondTheQueueWaitInTheKernelAndAllArriveInOrder() throws Exception {
        try (RingBench bench = RingBench.open(8, 16, 0, UnaryOperator.identity()).enabled()) {
            Ring ring = bench.ring;
            for (int i = 0; i < 64; i++) {
                if (ring.space() == 0) {
                    assertThat(ring.enter(0, 0)).isNotNegative();
                }
                ring.nop(0, i);
            }
            assertThat(ring.enter(0, 0)).isNotNegative();
            assertThat(ring.overflowed()).isTrue();
            assertThat(ring.needsEnter()).isTrue();
            List<Seen> seen = bench.await(64);
            for (int i = 0; i < 64; i++) {
                assertThat(seen.get(i).userData()).isEqualTo(i);
            }
            assertThat(ring.overflowed()).isFalse();
        }
    }

    @Test
    void smallArraysAreFilledAndTheRestStays() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            for (int i = 0; i < 5; i++) {
                bench.ring.nop(0, i);
            }
            bench.ring.enter(5, TimeUnit.SECONDS.toNanos(5));
            assertThat(bench.ring.ready()).isEqualTo(5);
            assertThat(bench.ring.reap(new long[3], new int[3], new int[3])).isEqualTo(3);
            assertThat(bench.ring.ready()).isEqualTo(2);
            assertThat(bench.await(2)).extracting(Seen::userData).containsExactly(3L, 4L);
        }
    }

    @Test
    void waitEndsWithItsTimeLimitWithoutAnError() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            long before = System.nanoTime();
            assertThat(bench.ring.enter(1, TimeUnit.MILLISECONDS.toNanos(20))).isZero();
            assertThat(System.nanoTime() - before)
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
            assertThat(bench.ring.ready()).isZero();
        }
    }

    @Test
    void kernelHoldsCompletionsBackUntilItIsEntered() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int event = bench.descriptor(SystemCalls.eventDescriptor());
            bench.ring.poll(event, SocketFlags.POLLIN, false, 0, 1);
            bench.ring.enter(0, 0);
            assertThat(bench.ring.needsEnter()).isFalse();
            SystemCalls.signal(event);
            assertThat(bench.ring.needsEnter()).isTrue();
            assertThat(bench.ring.ready()).isZero();
            bench.ring.enter(0, 0);
            assertThat(bench.ring.ready()).isEqualTo(1);
        }
    }

    @Test
    void successIsSilentIfAskedForAndFailureIsNot() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            bench.ring.nop(Sqe.IOSQE_CQE_SKIP_SUCCESS, 1);
            bench.ring.cancel(4_711, Sqe.IOSQE_CQE_SKIP_SUCCESS, 2);
            assertThat(bench.inAMoment()).containsExactly(new Seen(2, -Errno.ENOENT, 0));
        }
    }

    @Test
    void otherThreadsMayNotSubmit() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            Throwable[] thrown = new Throwable[1];
            Thread other = new Thread(() -> {
                try {
                    bench.ring.nop(0, 1);
                } catch (AssertionError e) {
                    thrown[0] = e;
                }
            });
            other.start();
            other.join();
            assertThat(thrown[0]).hasMessageContaining("owner");
        }
    }

    @Test
    void ringThatIsNotEnabledIsClosedByAnyThread() throws Exception {
        Set<String> before = Descriptors.list();
        for (int i = 0; i < 50; i++) {
            RingBench bench = RingBench.open(8, 16, 8, UnaryOperator.identity());
            bench.ring.registerBufferRing(1, 8);
            bench.ring.close();
            bench.memory.close();
        }
        assertThat(Descriptors.openedSince(before)).isEmpty();
    }

    @Test
    void refusalsCarryTheCallAndTheNumber() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            assertThatThrownBy(() -> KernelRing.open(8, 16, 1 << 30))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessage("io_uring_setup failed with EINVAL (22)");
            assertThatThrownBy(() -> bench.ring.registerFileTable(1 << 30))
                    .hasMessageContaining("IORING_REGISTER_FILES2");
            assertThatThrownBy(() -> bench.ring.registerBufferRing(1, 1 << 15 << 1))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void submittingAndReapingAllocatesNothing() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] userData = new long[8];
        int[] results = new int[8];
        int[] flags = new int[8];
        try (RingBench bench = RingBench.open().enabled()) {
            int event = bench.descriptor(SystemCalls.eventDescriptor());
            long least = Long.MAX_VALUE;
            // The compiler needs some rounds until it makes no objects for the calls' arguments.
            for (int round = 0; round < 30 && least > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 10_000; i++) {
                    bench.ring.nop(0, i);
                    bench.ring.enter(1, TimeUnit.SECONDS.toNanos(1));
                    bench.ring.reap(userData, results, flags);
                    SystemCalls.signal(event);
                    SystemCalls.clearSignals(event);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            // The measuring itself may show; an object for each of 10,000 operations would more.
            assertThat(least).isLessThan(1_000);
        }
    }
}
