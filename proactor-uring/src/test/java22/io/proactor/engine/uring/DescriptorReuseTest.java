package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.RingFaults;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers of descriptors come again at once; what was meant for one must not reach the next. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class DescriptorReuseTest {

    private static final long SEED = Long.getLong("proactor.test.seed", 20_261_122L);
    private static final int CONNECTIONS = 2_000;
    private static final int SHUTDOWNS = 30;
    private static final int PAIRS = 8;

    /** The kernel tells no request's end twice; this stands for what comes late for whatever. */
    @Test
    @DisplayName("C8 connections come and go with operations in flight; none gets what another one "
            + "was meant to have")
    void lateCompletionsNeverReachTheNextConnection() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.REPEAT, 60).with(Fault.DELAY, 40);
        SplittableRandom random = new SplittableRandom(SEED);
        try (UringBench bench = new UringBench(faults.factory())) {
            Acceptor acceptor = bench.listen();
            for (int i = 0; i < CONNECTIONS; i++) {
                Link link = bench.accepted(acceptor);
                ByteBuffer target = random.nextBoolean() ? ByteBuffer.allocateDirect(4)
                        : ByteBuffer.allocate(4);
                Call<Integer> read = bench.call();
                long id = link.socket().readExactly(target, null, read);
                if (random.nextInt(3) == 0) {
                    link.socket().cancel(id);
                } else if (random.nextBoolean()) {
                    link.send(ByteBuffer.allocate(4).putInt(0, i).array());
                    assertThat(read.value()).isEqualTo(4);
                    assertThat(target.getInt(0)).isEqualTo(i);
                    Call<Integer> write = bench.call();
                    link.socket().write(target.flip(), null, write);
                    assertThat(ByteBuffer.wrap(link.take(4)).getInt()).isEqualTo(i);
                }
                link.socket().close();
                link.peer().close();
            }
            assertThat(bench.watch().unexpected).as("late completions").hasPositiveValue();
        }
    }

    /** Sockets that are opened meanwhile take the numbers that become free. */
    @Test
    @DisplayName("C14 a proactor is shut down while four threads post: nobody else's descriptor is "
            + "written to")
    void wakeUpAfterTheEndReachesNobody() throws Exception {
        for (int round = 0; round < SHUTDOWNS; round++) {
            CountDownLatch posting = new CountDownLatch(4);
            List<Thread> posters = new ArrayList<>();
            List<Socket> sockets = new ArrayList<>();
            try (ServerSocket server = new ServerSocket(0, PAIRS,
                    InetAddress.getLoopbackAddress())) {
                try (UringBench bench = new UringBench(KernelRing::open)) {
                    for (int i = 0; i < 4; i++) {
                        Thread poster = new Thread(() -> postUntilRefused(bench, posting));
                        poster.start();
                        posters.add(poster);
                    }
                    posting.await();
                    bench.proactor().shutdownNow();
                    bench.proactor().awaitTermination();
                    openPairs(server, sockets);
                    for (Thread each : posters) {
                        each.join();
                    }
                    bench.proactor().close();
                    assertNobodySent(sockets);
                }
            }
        }
    }

    @Test
    @DisplayName("C14 a wake-up that is closed while four threads signal it writes to nobody else")
    void closedWakeUpWritesToNobody() throws Exception {
        for (int round = 0; round < SHUTDOWNS; round++) {
            WakeUp wakeUp = new WakeUp();
            CountDownLatch signalling = new CountDownLatch(4);
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    signalling.countDown();
                    while (!over.get()) {
                        wakeUp.signal();
                    }
                });
                thread.start();
                threads.add(thread);
            }
            signalling.await();
            List<Socket> sockets = new ArrayList<>();
            try (ServerSocket server = new ServerSocket(0, PAIRS,
                    InetAddress.getLoopbackAddress())) {
                wakeUp.close();
                openPairs(server, sockets);
                wakeUp.signal();
                over.set(true);
                for (Thread each : threads) {
                    each.join();
                }
                assertNobodySent(sockets);
            }
        }
    }

    private static void assertNobodySent(List<Socket> sockets) throws Exception {
        for (Socket each : sockets) {
            assertThat(each.getInputStream().available()).as("bytes that nobody sent").isZero();
            each.close();
        }
    }

    /** Refused ones included: they too may try to wake the loop. */
    private static void postUntilRefused(UringBench bench, CountDownLatch posting) {
        posting.countDown();
        int refused = 0;
        while (refused < 1_000) {
            try {
                bench.proactor().post("", null, Posted.of(() -> { }));
            } catch (RejectedExecutionException e) {
                refused++;
            }
        }
    }

    private static void openPairs(ServerSocket server, List<Socket> sockets) throws Exception {
        for (int i = 0; i < PAIRS; i++) {
            sockets.add(new Socket(server.getInetAddress(), server.getLocalPort()));
            sockets.add(server.accept());
        }
    }
}
