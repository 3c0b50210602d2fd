package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Lease;
import io.proactor.OperationTimedOutException;
import io.proactor.SocketClosedException;
import io.proactor.contract.Descriptors;
import io.proactor.contract.Until;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Fault;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.Opcode;
import io.proactor.engine.uring.ffm.RingFaults;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is in flight is the kernel's until it has said the last of it, whoever has lost interest
 * meanwhile.
 */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class BufferOwnershipTest {

    private static final long SEED = Long.getLong("proactor.test.seed", 20_261_122L);
    private static final byte CANARY = (byte) 0xDE;

    /** What ends a read before its time. */
    enum End { CANCEL, TIMEOUT, CLOSE, SHUTDOWN }

    @Test
    @DisplayName("C7 close with a receive in flight: the peer knows at once, the socket stays "
            + "until the kernel has let go")
    void closeTellsThePeerBeforeTheKernelHasLetGo() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            Acceptor acceptor = bench.listen();
            Set<String> before = Descriptors.list();
            Link link = bench.accepted(acceptor);
            Call<Integer> read = bench.call();
            link.socket().read(ByteBuffer.allocateDirect(8), null, read);
            bench.turns();
            Set<String> ends = Descriptors.openedSince(before);
            assertThat(ends).hasSize(2);
            bench.watch().hold(Opcode.IORING_OP_RECV);
            link.socket().close();
            assertThat(link.peer().getInputStream().read()).isEqualTo(-1);
            Until.until("the completion is held", () -> bench.watch().held.get() == 1);
            bench.turns();
            assertThat(read.called()).as("told before the kernel has let go").isFalse();
            assertThat(Descriptors.openedSince(before)).isEqualTo(ends);
            bench.watch().release();
            read.failure(SocketClosedException.class);
            Until.until("the socket is closed",
                    () -> Descriptors.openedSince(before).size() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @DisplayName("C9 no end of a read is told before the kernel has given its buffer back")
    void endOfReadIsToldWhenTheBufferIsBack(End end) throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            Link link = bench.accepted(bench.listen());
            ByteBuffer target = ByteBuffer.allocateDirect(64);
            Call<Integer> read = bench.call();
            bench.watch().hold(Opcode.IORING_OP_RECV);
            long id = link.socket().read(target, end == End.TIMEOUT ? 20 : 0,
                    TimeUnit.MILLISECONDS, null, read);
            bench.turns();
            end(bench, link, id, end);
            Until.until("the completion is held", () -> bench.watch().held.get() == 1);
            assertThat(read.called()).as("told before the kernel has let go").isFalse();
            assertThat(bench.proactor().statistics().outstanding()).isGreaterThanOrEqualTo(1);
            bench.watch().release();
            assertThat(read.moved()).isZero();
            assertThat(read.cause()).isNotNull();
            assertNobodyWrites(target, () -> {
                if (end == End.CANCEL || end == End.TIMEOUT) {
                    link.send("abc".getBytes(StandardCharsets.ISO_8859_1));
                    assertThat(text(bench, link, 3)).isEqualTo("abc");
                }
            });
        }
    }

    private static void end(UringBench bench, Link link, long id, End end) {
        switch (end) {
            case CANCEL -> assertThat(link.socket().cancel(id)).isTrue();
            case TIMEOUT -> { }  // by itself
            case CLOSE -> link.socket().close();
            case SHUTDOWN -> bench.proactor().shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @DisplayName("C9, C13 bytes that came before the end of a read are told with it, whatever the "
            + "order in which the kernel tells them")
    void bytesThatCameBeforeTheEndAreTold(End end) throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            Link link = bench.accepted(bench.listen());
            ByteBuffer target = ByteBuffer.allocateDirect(64);
            Call<Integer> read = bench.call();
            bench.watch().hold(Opcode.IORING_OP_RECV);
            byte[] hello = "hello".getBytes(StandardCharsets.ISO_8859_1);
            if (end == End.TIMEOUT) {
                link.send(hello);  // not while the time runs: the machine may stand still
            }
            long id = link.socket().read(target, end == End.TIMEOUT ? 100 : 0,
                    TimeUnit.MILLISECONDS, null, read);
            if (end != End.TIMEOUT) {
                link.send(hello);
            }
            Until.until("the completion is held", () -> bench.watch().held.get() == 1);
            end(bench, link, id, end);
            if (end == End.TIMEOUT) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
            }
            assertThat(read.called()).as("told before the kernel has let go").isFalse();
            bench.watch().release();
            assertThat(read.moved()).isEqualTo(5);
            assertThat(target.position()).isEqualTo(5);
            assertNobodyWrites(target, () -> {
                if (end != End.SHUTDOWN) {
                    bench.turns();
                }
            });
        }
    }

    @Test
    @DisplayName("C9 a receive has no buffer before there are bytes, and none after its cancel")
    void cancelledReceiveLeavesNoBufferBehind() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            Link link = bench.accepted(bench.listen());
            Call<Lease> receive = bench.call();
            bench.watch().hold(Opcode.IORING_OP_RECV);
            long id = link.socket().receive(64, 0, TimeUnit.SECONDS, null, receive);
            bench.turns();
            link.send("hello".getBytes(StandardCharsets.ISO_8859_1));
            Until.until("the completion is held", () -> bench.watch().held.get() == 1);
            link.socket().cancel(id);
            bench.turns();
            assertThat(receive.called()).isFalse();
            bench.watch().release();
            int length = 0;
            if (receive.cause() == null) {
                try (Lease lease = receive.value()) {
                    length = lease.buffer().remaining();
                }
            }
            assertThat(length == 0 ? text(bench, link, 5) : "hello").isEqualTo("hello");
            assertThat(bench.proactor().leasesOpen()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(value = End.class, names = {"CANCEL", "CLOSE", "SHUTDOWN"})
    @DisplayName("C9 no end of a write is told before the kernel has given its buffer back")
    void endOfWriteIsToldWhenTheBufferIsBack(End end) throws Exception {
        try (UringBench bench = UringBench.withoutQuietSends(KernelRing::open)) {
            Link link = bench.accepted(bench.listen());
            Call<Integer> write = bench.call();
            bench.watch().hold(Opcode.IORING_OP_SEND);
            ByteBuffer source = ByteBuffer.allocateDirect(5).put("hello".getBytes(
                    StandardCharsets.ISO_8859_1)).flip();
            long id = link.socket().write(source, null, write);
            assertThat(new String(link.take(5), StandardCharsets.ISO_8859_1)).isEqualTo("hello");
            Until.until("the completion is held", () -> bench.watch().held.get() == 1);
            end(bench, link, id, end);
            if (end != End.SHUTDOWN) {
                bench.turns();
            }
            assertThat(write.called()).as("told before the kernel has let go").isFalse();
            assertThat(source.position()).isZero();
            bench.watch().release();
            assertThat(write.moved()).isEqualTo(5);
        }
    }

    @Test
    @DisplayName("C13 the time of a read is over: what comes before this is told stays in the "
            + "stream")
    void bytesThatComeWithTheTimeoutAreNotLost() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            Link link = bench.accepted(bench.listen());
            ByteBuffer target = ByteBuffer.allocateDirect(64);
            Call<Integer> read = bench.call();
            bench.watch().hold(Opcode.IORING_OP_RECV);
            link.socket().read(target, 20, TimeUnit.MILLISECONDS, null, read);
            Until.until("the completion is held", () -> bench.watch().held.get() == 1);
            link.send("late".getBytes(StandardCharsets.ISO_8859_1));
            bench.watch().release();
            String told = text(target, read.moved());
            if (read.cause() != null) {
                read.failure(OperationTimedOutException.class);
            }
            assertThat(told + text(bench, link, 4 - told.length())).isEqualTo("late");
        }
    }

    @Test
    @DisplayName("C13 400 reads whose time is over when the bytes come: one end each, and the "
            + "stream is whole")
    void timeoutsThatRaceBytesLoseNone() throws Exception {
        RingFaults faults = new RingFaults(SEED).with(Fault.DELAY, 40);
        byte[] sent = new byte[40_000];
        SplittableRandom random = new SplittableRandom(SEED);
        random.nextBytes(sent);
        try (UringBench bench = new UringBench(faults.factory())) {
            Link link = bench.accepted(bench.listen());
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> trickle(link, sent));
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            int timedOut = 0;
            while (received.size() < sent.length) {
                boolean direct = random.nextBoolean();
                ByteBuffer target = direct ? ByteBuffer.allocateDirect(150)
                        : ByteBuffer.allocate(150);
                Call<Integer> read = bench.call();
                link.socket().readExactly(target, 200 + random.nextInt(1_500),
                        TimeUnit.MICROSECONDS, null, read);
                assertThat(read.moved()).isEqualTo(target.position());
                timedOut += read.cause() instanceof OperationTimedOutException ? 1 : 0;
                byte[] some = new byte[target.position()];
                target.flip().get(some);
                received.writeBytes(some);
            }
            sender.get(20, TimeUnit.SECONDS);
            assertThat(received.toByteArray()).isEqualTo(sent);
            assertThat(timedOut).as("reads whose time was over").isPositive();
        }
    }

    private static void trickle(Link link, byte[] bytes) {
        try {
            for (int at = 0; at < bytes.length; at += 100) {
                link.send(Arrays.copyOfRange(bytes, at, at + 100));
                LockSupport.parkNanos(500_000);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What may go on in between. */
    @FunctionalInterface
    private interface Body {
        void run() throws Exception;
    }

    private static void assertNobodyWrites(ByteBuffer buffer, Body body) throws Exception {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, CANARY);
        }
        body.run();
        for (int i = 0; i < buffer.capacity(); i++) {
            assertThat(buffer.get(i)).as("byte %s of a buffer that was given back", i)
                    .isEqualTo(CANARY);
        }
    }

    private static String text(UringBench bench, Link link, int count) throws Exception {
        ByteBuffer target = ByteBuffer.allocateDirect(count);
        Call<Integer> read = bench.call();
        link.socket().readExactly(target, null, read);
        return text(target, read.value());
    }

    private static String text(ByteBuffer target, int count) {
        byte[] bytes = new byte[count];
        target.get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
