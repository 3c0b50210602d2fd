package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.FileRegion;
import io.proactor.ProactorShutdownException;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import io.proactor.contract.Descriptors;
import io.proactor.contract.Until;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.Opcode;
import io.proactor.engine.uring.ffm.RingFaults;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rings that are refused, that break, and that are closed with much in flight. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class RingLossTest {

    private static final long SEED = Long.getLong("proactor.test.seed", 20_261_122L);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("C1 if the second ring is refused, nothing of the first is left behind")
    void refusedRingLeavesNothingBehind() throws Exception {
        Set<String> before = Descriptors.list();
        AtomicInteger opened = new AtomicInteger();
        assertThatThrownBy(() -> new UringBench((submissions, completions, flags) -> {
            if (opened.incrementAndGet() == 2) {
                throw new SystemCallException("io_uring_setup", Errno.ENOMEM);
            }
            return KernelRing.open(submissions, completions, flags);
        }, Availability.get().usable(), options -> options.withLoops(2)).close())
                .hasStackTraceContaining("ENOMEM");
        assertThat(opened).hasValue(2);
        Until.until("the descriptors are back",
                () -> Descriptors.openedSince(before).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    @DisplayName("C5 a completion was lost (EBADR): everything in flight fails, and another ring "
            + "goes on")
    void lostRingFailsWhatIsInFlightAndIsReplaced(boolean direct) throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            bench.expectLoss();
            Acceptor acceptor = bench.listen();
            Link link = bench.accepted(acceptor);
            Call<Integer> read = bench.call();
            link.socket().read(buffer(direct, 64), null, read);
            Call<Integer> write = bench.call();
            link.socket().write(buffer(direct, 32 << 20), null, write);
            Link other = bench.accepted(acceptor);
            Call<Long> file = bench.call();
            other.socket().sendFile(largeFile(bench), 0, TimeUnit.SECONDS, null, file);
            Call<Accepted> accept = bench.call();
            acceptor.accept(null, accept);
            Timer timer = bench.keep(bench.proactor().newTimer());
            Call<Void> tick = bench.call();
            timer.schedule(300, TimeUnit.MILLISECONDS, null, tick);
            bench.turns();
            bench.watch().lose();
            bench.proactor().post("", null, Posted.of(() -> { }));
            assertThat(read.cause()).isNotNull();
            assertThat(write.cause()).isNotNull();
            assertThat(file.cause()).isNotNull();
            assertThat(accept.cause()).isNotNull();
            tick.value();
            assertThat(bench.failures()).isNotEmpty();
            assertThat(bench.watch().opened).hasValue(2);
            assertThat(link.socket().isOpen()).isFalse();
            assertThat(other.socket().isOpen()).isFalse();
            echo(bench, bench.accepted(bench.listen()));
        }
    }

    @Test
    @DisplayName("C5 what a handler initiates while no ring can be had fails, and does not hang")
    void whatIsInitiatedWithoutARingFails() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                UringBench bench = new UringBench((submissions, completions, flags) -> {
                    if (opened.incrementAndGet() == 2) {
                        throw new SystemCallException("io_uring_setup", Errno.ENOMEM);
                    }
                    return KernelRing.open(submissions, completions, flags);
                })) {
            bench.expectLoss();
            Link link = bench.accepted(bench.listen());
            StreamSocket next = bench.keep(bench.proactor().newSocket());
            Call<StreamSocket> connect = bench.call();
            link.socket().waitReadable(null, new CompletionHandler<Void, Object>() {
                @Override
                public void completed(Void none, Object attachment) {}

                @Override
                public void failed(Throwable cause, Object attachment) {
                    next.connect(server.getLocalSocketAddress(), null, connect);
                }
            });
            bench.turns();
            bench.watch().lose();
            bench.proactor().post("", null, Posted.of(() -> { }));
            assertThat(connect.cause()).isNotNull();
            assertThat(opened).hasValue(3);
            echo(bench, bench.accepted(bench.listen()));
        }
    }

    /** Returns a file for which a socket has no room. */
    private FileRegion largeFile(UringBench bench) throws IOException {
        Path path = folder.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(32 << 20);
        }
        return FileRegion.of(bench.keep(bench.proactor().openFile(path)));
    }

    private static ByteBuffer buffer(boolean direct, int bytes) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    private static void echo(UringBench bench, Link link) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4);
        link.send(new byte[] {1, 2, 3, 4});
        Call<Integer> read = bench.call();
        link.socket().readExactly(buffer, null, read);
        read.value();
        Call<Integer> write = bench.call();
        link.socket().write(buffer.flip(), null, write);
        assertThat(link.take(4)).containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000, 0", "10, 50, 0", "10, 50, 60"})
    @DisplayName("C15 a shutdown with very much in flight awaits every completion, then closes the "
            + "ring")
    void ringIsClosedWhenNothingIsInFlight(int rounds, int pending, int delayed)
            throws Exception {
        for (int round = 0; round < rounds; round++) {
            RingFaults faults = new RingFaults(SEED + round).with(Fault.DELAY, delayed);
            try (UringBench bench = new UringBench(faults.factory())) {
                Acceptor acceptor = bench.listen();
                List<Call<Integer>> reads = new ArrayList<>();
                for (int i = 0; i < pending; i++) {
                    Call<Integer> read = bench.call();
                    bench.accepted(acceptor).socket()
                            .read(buffer(i % 2 == 0, 64), null, read);
                    reads.add(read);
                }
                bench.turns();
                assertThat(bench.watch().requests.get()).isGreaterThanOrEqualTo(pending);
                bench.proactor().shutdownNow();
                for (Call<Integer> each : reads) {
                    each.failure(ProactorShutdownException.class);
                }
            }
        }
    }

    @Test
    @DisplayName("C15, I6 a shutdown waits for a completion that the kernel is late with, and tells "
            + "so")
    void shutdownWaitsForTheLastCompletion() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            Link link = bench.accepted(bench.listen());
            Call<Integer> read = bench.call();
            long id = link.socket().read(ByteBuffer.allocateDirect(64), null, read);
            bench.turns();
            bench.watch().hold(Opcode.IORING_OP_RECV);
            bench.proactor().shutdownNow();
            Until.until("the completion is held", () -> bench.watch().held.get() == 1);
            assertThat(bench.proactor().awaitTermination(Duration.ofMillis(50)))
                    .isFalse();
            Until.until("it is told what is held", () -> !bench.heldUp().isEmpty());
            assertThat(bench.heldUp()).singleElement()
                    .matches(each -> each.id() == id && each.session() == link.socket());
            bench.watch().release();
            read.failure(ProactorShutdownException.class);
        }
    }
}
