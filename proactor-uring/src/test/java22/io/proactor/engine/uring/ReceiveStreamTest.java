package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Lease;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ResetByPeerException;
import io.proactor.StreamSocket;
import io.proactor.contract.Until;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.Opcode;
import io.proactor.spi.ReceiveLimits;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receives that go on by themselves: who reads late, not at all, or no more. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ReceiveStreamTest {

    private static final long SEED = Long.getLong("proactor.test.seed", 20_261_128L);

    /** What a connection may have unread of the stream, and of what came before it. */
    private static final int UNREAD_MAX = (ArrivedBytes.CREDIT + 1) * 8_192 + 64;

    private static final int MUCH = 1 << 21;

    /** What a loop has in flight that nobody waits for. */
    private static final int WAKE_UP_ONLY = 1;

    @Test
    void fiftyMessagesAreTwoSubmissions() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            int before = bench.watch().receives.get();
            for (int i = 0; i < 50; i++) {
                link.send(bytes("hello"));
                assertThat(read(bench, link.socket(), 5)).isEqualTo("hello");
            }
            assertThat(bench.watch().receives.get()).as("receives").isEqualTo(before);
            assertThat(before).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void peerThatSendsWhileNobodyReadsIsStopped(boolean oldKernel) throws Exception {
        try (UringBench bench = bench()) {
            bench.watch().refusesLimits = oldKernel;
            Link link = streaming(bench);
            byte[] sent = random(MUCH);
            CompletableFuture<Void> sender = sender(link, sent);
            Until.until("the receive has ended",
                    () -> bench.watch().requests.get() == WAKE_UP_ONLY);
            long taken = bench.watch().received.get();
            if (!oldKernel) {
                assertThat(taken).isLessThanOrEqualTo(UNREAD_MAX);
            }
            assertThat(taken).as("bytes that nobody has asked for").isLessThan(MUCH / 2);
            assertThat(readAll(bench, link.socket(), MUCH)).isEqualTo(sent);
            sender.get(20, TimeUnit.SECONDS);
            assertThat(bench.watch().errors(Errno.EINVAL)).isEqualTo(oldKernel ? 1 : 0);
        }
    }

    @Test
    void cancelledReadIsToldAtOnceAndItsBytesAreTheNextOnes() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            bench.watch().hold(Opcode.IORING_OP_RECV);
            ByteBuffer target = ByteBuffer.allocateDirect(64);
            Call<Integer> read = bench.call();
            long id = link.socket().read(target, null, read);
            link.send(bytes("abc"));
            Until.until("the completion is held", () -> bench.watch().held.get() > 0);
            assertThat(link.socket().cancel(id)).isTrue();
            read.failure(OperationCancelledException.class);
            assertThat(read.moved()).isZero();
            bench.watch().release();
            assertThat(read(bench, link.socket(), 3)).isEqualTo("abc");
            assertThat(target.position()).isZero();
        }
    }

    @Test
    void cancelOfAnExactReadKeepsWhatItHas() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            ByteBuffer target = ByteBuffer.allocate(100);
            Call<Integer> read = bench.call();
            long id = link.socket().readExactly(target, null, read);
            link.send(bytes("0123456789"));
            Until.until("the bytes are there", () -> bench.watch().received.get() >= 12);
            bench.turns();
            assertThat(link.socket().cancel(id)).isTrue();
            assertThat(read.failure(OperationCancelledException.class).bytesMoved())
                    .isEqualTo(10);
            link.send(bytes("next"));
            assertThat(read(bench, link.socket(), 4)).isEqualTo("next");
        }
    }

    @Test
    void timedOutReadLeavesTheStream() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            for (int i = 0; i < 3; i++) {
                Call<Integer> read = bench.call();
                link.socket().read(ByteBuffer.allocateDirect(8), 10, TimeUnit.MILLISECONDS, null,
                        read);
                read.failure(OperationTimedOutException.class);
            }
            int receives = bench.watch().receives.get();
            link.send(bytes("late"));
            assertThat(read(bench, link.socket(), 4)).isEqualTo("late");
            assertThat(bench.watch().receives.get()).isEqualTo(receives);
        }
    }

    @Test
    void endThatComesUnaskedIsToldBehindTheBytes() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            link.send(bytes("last"));
            link.peer().shutdownOutput();
            Until.until("it has come", () -> bench.watch().received.get() >= 6);
            bench.turns();
            assertThat(read(bench, link.socket(), 4)).isEqualTo("last");
            for (int i = 0; i < 2; i++) {
                Call<Integer> end = bench.call();
                link.socket().read(ByteBuffer.allocate(8), null, end);
                assertThat(end.value()).isEqualTo(-1);
            }
        }
    }

    @Test
    void resetThatComesUnaskedIsToldBehindTheBytes() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            link.send(bytes("last"));
            Until.until("it has come", () -> bench.watch().received.get() >= 6);
            link.peer().setSoLinger(true, 0);
            link.peer().close();
            Until.until("the reset has come",
                    () -> bench.watch().errors(Errno.ECONNRESET) == 1);
            assertThat(read(bench, link.socket(), 4)).isEqualTo("last");
            Call<@Nullable Void> wait = bench.call();
            link.socket().waitReadable(0, TimeUnit.SECONDS, null, wait);
            wait.value();
            Call<Integer> reset = bench.call();
            link.socket().read(ByteBuffer.allocate(8), null, reset);
            reset.failure(ResetByPeerException.class);
        }
    }

    /** Then the kernel's poll finds both at once, and no event comes after them. */
    @Test
    void resetThatIsThereBeforeTheStreamIsTold() throws Exception {
        try (UringBench bench = bench()) {
            Link link = bench.accepted(bench.listen());
            link.send(bytes("1"));
            assertThat(read(bench, link.socket(), 1)).isEqualTo("1");
            link.send(bytes("last"));
            link.peer().setSoLinger(true, 0);
            link.peer().close();
            assertThat(read(bench, link.socket(), 4)).isEqualTo("last");
            Call<Integer> reset = bench.call();
            link.socket().read(ByteBuffer.allocate(8), null, reset);
            reset.failure(ResetByPeerException.class);
        }
    }

    @Test
    void waitIsSatisfiedByWhatTheStreamBrings() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            for (int i = 0; i < 2; i++) {
                Call<@Nullable Void> wait = bench.call();
                link.socket().waitReadable(0, TimeUnit.SECONDS, null, wait);
                bench.turns();
                assertThat(wait.called()).isEqualTo(i > 0);
                link.send(bytes("x"));
                wait.value();
            }
            assertThat(read(bench, link.socket(), 2)).isEqualTo("xx");
        }
    }

    @Test
    void largeReadGoesIntoItsOwnBufferAgain() throws Exception {
        try (UringBench bench = bench()) {
            Link link = streaming(bench);
            byte[] sent = random(MUCH);
            CompletableFuture<Void> sender = sender(link, sent);
            ByteBuffer target = ByteBuffer.allocateDirect(MUCH);
            Call<Integer> read = bench.call();
            link.socket().readExactly(target, null, read);
            assertThat(read.value()).isEqualTo(MUCH);
            byte[] got = new byte[MUCH];
            target.flip().get(got);
            assertThat(got).isEqualTo(sent);
            sender.get(20, TimeUnit.SECONDS);
            link.send(bytes("ok"));
            assertThat(read(bench, link.socket(), 2)).isEqualTo("ok");
        }
    }

    @Test
    void leasesThatAreKeptStopThePeer() throws Exception {
        ReceiveLimits limits = new ReceiveLimits(1_024, 64, 2);
        try (UringBench bench = new UringBench(KernelRing::open, Availability.get().usable(),
                options -> options.withReceiveLimits(limits))) {
            Link link = bench.accepted(bench.listen());
            byte[] sent = random(MUCH / 4);
            CompletableFuture<Void> sender = sender(link, sent);
            ByteBuffer got = ByteBuffer.allocate(sent.length);
            Deque<Lease> open = new ArrayDeque<>();
            while (got.hasRemaining()) {
                if (open.size() == limits.leasesPerSocket()) {
                    open.remove().close();
                }
                Call<@Nullable Lease> receive = bench.call();
                link.socket().receive(null, receive);
                Lease lease = receive.value();
                assertThat(lease).isNotNull();
                got.put(lease.buffer());
                open.add(lease);
                assertThat(bench.proactor().leasesOpen()).isLessThanOrEqualTo(2);
            }
            open.forEach(Lease::close);
            sender.get(20, TimeUnit.SECONDS);
            assertThat(got.array()).isEqualTo(sent);
            assertThat(bench.proactor().leasesOpen()).isZero();
        }
    }

    @Test
    void nextConnectionSeesNothingOfTheLastOne() throws Exception {
        try (UringBench bench = bench(); ServerSocket server = new ServerSocket(0, 8,
                InetAddress.getLoopbackAddress())) {
            StreamSocket socket = bench.keep(bench.proactor().newSocket());
            for (int i = 0; i < 10; i++) {
                Call<StreamSocket> connect = bench.call();
                socket.connect(server.getLocalSocketAddress(), null, connect);
                try (Socket peer = server.accept()) {
                    peer.setTcpNoDelay(true);
                    connect.value();
                    Link link = new Link(socket, peer);
                    for (String each : new String[] {"a" + i, "b" + i}) {
                        link.send(bytes(each));
                        assertThat(read(bench, socket, 2)).isEqualTo(each);
                    }
                    long before = bench.watch().received.get();
                    link.send(bytes("unread"));
                    Until.until("it has come",
                            () -> bench.watch().received.get() >= before + 6);
                    peer.shutdownOutput();
                    Call<StreamSocket> disconnect = bench.call();
                    socket.disconnect(5, TimeUnit.SECONDS, null, disconnect);
                    disconnect.value();
                }
            }
            assertThat(bench.proactor().leasesOpen()).isZero();
        }
    }

    // ---- Parts --------------------------------------------------------------------------------

    private static UringBench bench() throws Exception {
        return new UringBench(KernelRing::open);
    }

    /** Returns a connection whose receives go on by themselves, and that has nothing unread. */
    private static Link streaming(UringBench bench) throws Exception {
        Link link = bench.accepted(bench.listen());
        for (String each : new String[] {"1", "2"}) {
            Call<Integer> read = bench.call();
            ByteBuffer target = ByteBuffer.allocateDirect(16);
            link.socket().read(target, null, read);
            link.send(bytes(each));
            assertThat(read.value()).isEqualTo(1);
        }
        return link;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(SEED).nextBytes(bytes);
        return bytes;
    }

    private static CompletableFuture<Void> sender(Link link, byte[] bytes) {
        return CompletableFuture.runAsync(() -> {
            try {
                link.send(bytes);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String read(UringBench bench, StreamSocket socket, int count)
            throws Exception {
        return new String(readAll(bench, socket, count), StandardCharsets.ISO_8859_1);
    }

    private static byte[] readAll(UringBench bench, StreamSocket socket, int count)
            throws Exception {
        ByteBuffer target = ByteBuffer.allocateDirect(count);
        Call<Integer> read = bench.call();
        socket.readExactly(target, null, read);
        assertThat(read.value()).isEqualTo(count);
        byte[] bytes = new byte[count];
        target.flip().get(bytes);
        return bytes;
    }
}
