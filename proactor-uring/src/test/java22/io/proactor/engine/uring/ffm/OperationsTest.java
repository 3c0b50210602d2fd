package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.RingBench.Seen;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kinds of submission against the kernel: that each field lies where the kernel reads it. */
final class OperationsTest {

    private static final int NO_SIGNAL = SocketFlags.MSG_NOSIGNAL;

    @Test
    void receiveCompletesWithWhatIsThere() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            bench.ring.recv(fd, bench.memory.address() + 100, 1_000, 0, 0, 0, 1);
            assertThat(bench.inAMoment()).isEmpty();
            bench.say("hello");
            assertThat(bench.one().result()).isEqualTo(5);
            assertThat(bench.text(100, 5)).isEqualTo("hello");
        }
    }

    @Test
    void receiveTakesNoMoreThanItsLength() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            bench.say("hello");
            bench.ring.recv(fd, bench.memory.address(), 2, SocketFlags.MSG_WAITALL, 0, 0, 1);
            Seen first = bench.one();
            assertThat(first.result()).isEqualTo(2);
            assertThat(first.flags() & Cqe.IORING_CQE_F_SOCK_NONEMPTY).isNotZero();
            bench.ring.recv(fd, bench.memory.address(), 9, 0, Sqe.IORING_RECVSEND_POLL_FIRST, 0, 2);
            assertThat(bench.one().result()).isEqualTo(3);
            assertThat(bench.text(0, 3)).isEqualTo("llo");
        }
    }

    @Test
    void endOfStreamIsZeroAndResetIsAnError() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int ended = bench.connection();
            bench.lastPeer().close();
            bench.ring.recv(ended, bench.memory.address(), 9, 0, 0, 0, 1);
            assertThat(bench.one().result()).isZero();
            int reset = bench.connection();
            bench.lastPeer().setSoLinger(true, 0);
            bench.lastPeer().close();
            bench.ring.recv(reset, bench.memory.address(), 9, 0, 0, 0, 2);
            assertThat(bench.one().result()).isEqualTo(-Errno.ECONNRESET);
            bench.ring.send(reset, bench.memory.address(), 9, NO_SIGNAL, 0, 0, 3);
            assertThat(bench.one().result()).isEqualTo(-Errno.EPIPE);
        }
    }

    @Test
    void sendIsShortWhenTheSystemHasNoRoom() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            SystemCalls.setOption(fd, SocketFlags.SOL_SOCKET, SocketFlags.SO_SNDBUF, 4_096);
            int length = (int) bench.memory.bytes();
            int sent = 0;
            int last;
            do {
                bench.ring.send(fd, bench.memory.address(), length,
                        NO_SIGNAL | SocketFlags.MSG_DONTWAIT, 0, 0, 1);
                last = bench.one().result();
                sent += Math.max(last, 0);
            } while (last == length);
            assertThat(last).isLessThan(length);
            assertThat(bench.lastPeer().getInputStream().readNBytes(sent)).hasSize(sent);
        }
    }

    @Test
    void gatheringSendAndScatteringReceive() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            long base = bench.memory.address();
            bench.memory.buffer(0, 6).put("abcdef".getBytes(StandardCharsets.US_ASCII));
            // struct msghdr: iov at 16, its count at 24; struct iovec: base, length
            var memory = bench.memory.memory();
            memory.set(ValueLayout.JAVA_LONG, 256 + 16, base + 512);
            memory.set(ValueLayout.JAVA_LONG, 256 + 24, 2L);
            memory.set(ValueLayout.JAVA_LONG, 512, base + 3);
            memory.set(ValueLayout.JAVA_LONG, 520, 3L);
            memory.set(ValueLayout.JAVA_LONG, 528, base);
            memory.set(ValueLayout.JAVA_LONG, 536, 3L);
            bench.ring.sendMessage(fd, base + 256, NO_SIGNAL, 0, 0, 1);
            assertThat(bench.one().result()).isEqualTo(6);
            assertThat(bench.lastPeer().getInputStream().readNBytes(6))
                    .isEqualTo("defabc".getBytes(StandardCharsets.US_ASCII));
            bench.say("uvwxyz");
            bench.ring.recvMessage(fd, base + 256, SocketFlags.MSG_WAITALL, 0, 0, 2);
            assertThat(bench.one().result()).isEqualTo(6);
            assertThat(bench.text(0, 6)).isEqualTo("xyzuvw");
        }
    }

    @Test
    void cancelEndsWhatIsInFlightAndNothingElse() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            bench.ring.recv(fd, bench.memory.address(), 9, 0, 0, 0, 1);
            bench.ring.poll(fd, SocketFlags.POLLIN, false, 0, 2);
            bench.ring.cancel(1, 0, 3);
            List<Seen> seen = bench.await(2);
            assertThat(RingBench.of(seen, 1).result()).isEqualTo(-Errno.ECANCELED);
            assertThat(RingBench.of(seen, 3).result()).isZero();
            bench.ring.cancelAll(0, 4);
            seen = bench.await(2);
            assertThat(RingBench.of(seen, 2).result()).isEqualTo(-Errno.ECANCELED);
            assertThat(RingBench.of(seen, 4).result()).isEqualTo(1);
        }
    }

    @Test
    void cancelledReceiveLeavesTheBytesInTheSocket() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            bench.ring.recv(fd, bench.memory.address(), 9, 0, 0, 0, 1);
            bench.ring.cancel(1, Sqe.IOSQE_CQE_SKIP_SUCCESS, 2);
            assertThat(bench.one()).isEqualTo(new Seen(1, -Errno.ECANCELED, 0));
            bench.say("abc");
            bench.ring.recv(fd, bench.memory.address(), 9, 0, 0, 0, 3);
            assertThat(bench.one().result()).isEqualTo(3);
        }
    }

    @Test
    void acceptGivesTheAddressOfThePeer() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int listener = bench.listener();
            bench.memory.memory().set(ValueLayout.JAVA_INT, 128, SocketAddresses.BYTES_MAX);
            bench.ring.accept(listener, bench.memory.address(), bench.memory.address() + 128,
                    SocketFlags.SOCK_CLOEXEC, Ring.NO_SLOT, 0, 0, 1);
            Socket peer = bench.peer(listener);
            int fd = bench.descriptor(bench.one().result());
            InetSocketAddress address = SocketAddresses.decode(bench.memory.memory(), 0);
            assertThat(address).isEqualTo(peer.getLocalSocketAddress())
                    .isEqualTo(SystemCalls.remoteAddress(fd));
        }
    }

    @Test
    void connectionsAreAcceptedIntoSlotsAndNoMoreThanPosted() throws Exception {
        try (RingBench bench = RingBench.open(32, 64, 4, UnaryOperator.identity()).enabled()) {
            int listener = bench.listener();
            bench.ring.accept(listener, 0, 0, 0, 2, 0, 0, 1);
            Socket peer = bench.peer(listener);
            bench.peer(listener);
            assertThat(bench.inAMoment()).singleElement().satisfies(
                    seen -> assertThat(seen.result()).isZero());
            peer.getOutputStream().write('x');
            bench.ring.recv(2, bench.memory.address(), 9, 0, 0, Sqe.IOSQE_FIXED_FILE, 2);
            assertThat(bench.one().result()).isEqualTo(1);
            // As DisconnectEx with TF_REUSE_SOCKET: the slot takes the connection that waits.
            bench.ring.shutdown(2, SocketFlags.SHUT_RDWR,
                    Sqe.IOSQE_FIXED_FILE | Sqe.IOSQE_IO_HARDLINK, 3);
            bench.ring.closeSlot(2, Sqe.IOSQE_IO_LINK, 4);
            bench.ring.accept(listener, 0, 0, 0, 2, 0, 0, 5);
            List<Seen> seen = bench.await(3);
            assertThat(seen).extracting(Seen::userData).containsExactly(3L, 4L, 5L);
            assertThat(seen).extracting(Seen::result).containsOnly(0);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closedRingIsReleasedWhileTheThreadOfItsOwnerLives() throws Exception {
        for (int i = 0; i < 20; i++) {
            Socket peer;
            try (RingBench bench = RingBench.open(8, 16, 4, UnaryOperator.identity()).enabled()) {
                int listener = bench.listener();
                peer = bench.peer(listener);
                bench.ring.accept(listener, 0, 0, 0, 1, 0, 0, 1);
                assertThat(bench.one().result()).isZero();
                bench.closeRing();
                // The connection is in a slot of the ring, and in nothing else.
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void slotBecomesADescriptor() throws Exception {
        try (RingBench bench = RingBench.open(32, 64, 4, UnaryOperator.identity()).enabled()) {
            int listener = bench.listener();
            Socket peer = bench.peer(listener);
            bench.ring.accept(listener, 0, 0, 0, 1, 0, 0, 1);
            assertThat(bench.one().result()).isZero();
            bench.ring.installDescriptor(1, 0, 2);
            int result = bench.one().result();
            if (result != -Errno.EINVAL) {  // before Linux 6.8
                assertThat(SystemCalls.remoteAddress(bench.descriptor(result)))
                        .isEqualTo(peer.getLocalSocketAddress());
            }
        }
    }

    @Test
    void chainOpensConnectsAndSends() throws Exception {
        try (RingBench bench = RingBench.open(32, 64, 4, UnaryOperator.identity()).enabled()) {
            int listener = bench.listener();
            int bytes = SocketAddresses.encode(SystemCalls.localAddress(listener),
                    SocketFlags.AF_INET, bench.memory.memory(), 0);
            bench.memory.buffer(200, 5).put("first".getBytes(StandardCharsets.US_ASCII));
            bench.ring.socket(SocketFlags.AF_INET, SocketFlags.SOCK_STREAM, 0, 3,
                    Sqe.IOSQE_IO_LINK, 1);
            bench.ring.connect(3, bench.memory.address(), bytes,
                    Sqe.IOSQE_FIXED_FILE | Sqe.IOSQE_IO_LINK, 2);
            bench.ring.send(3, bench.memory.address() + 200, 5,
                    NO_SIGNAL | SocketFlags.MSG_WAITALL, 0, Sqe.IOSQE_FIXED_FILE, 3);
            bench.ring.accept(listener, 0, 0, SocketFlags.SOCK_CLOEXEC, Ring.NO_SLOT, 0, 0, 4);
            List<Seen> seen = bench.await(4);
            assertThat(RingBench.of(seen, 1).result()).isZero();
            assertThat(RingBench.of(seen, 2).result()).isZero();
            assertThat(RingBench.of(seen, 3).result()).isEqualTo(5);
            int fd = bench.descriptor(RingBench.of(seen, 4).result());
            bench.ring.recv(fd, bench.memory.address(), 9, 0, 0, 0, 5);
            assertThat(bench.one().result()).isEqualTo(5);
            assertThat(bench.text(0, 5)).isEqualTo("first");
        }
    }

    @Test
    void linkedTimeoutEndsAReceive() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            bench.memory.memory().set(ValueLayout.JAVA_LONG, 512, 0L);
            bench.memory.memory().set(ValueLayout.JAVA_LONG, 520, 5_000_000L);
            bench.ring.recv(fd, bench.memory.address(), 9, 0, 0, Sqe.IOSQE_IO_LINK, 1);
            bench.ring.linkTimeout(bench.memory.address() + 512, 0, 2);
            List<Seen> seen = bench.await(2);
            assertThat(RingBench.of(seen, 1).result()).isEqualTo(-Errno.ECANCELED);
            assertThat(RingBench.of(seen, 2).result()).isEqualTo(-Errno.ETIME);
            bench.ring.timeout(bench.memory.address() + 512, 0, 3);
            assertThat(bench.one().result()).isEqualTo(-Errno.ETIME);
        }
    }

    @Test
    void everySignalIsACompletionOfTheMultishotPoll() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int event = bench.descriptor(SystemCalls.eventDescriptor());
            bench.ring.poll(event, SocketFlags.POLLIN, true, 0, 1);
            bench.ring.enter(0, 0);
            for (int i = 0; i < 3; i++) {
                Thread other = new Thread(() -> SystemCalls.signal(event));
                other.start();
                Seen seen = bench.one();
                assertThat(seen.result() & SocketFlags.POLLIN).isNotZero();
                assertThat(seen.more()).isTrue();
                SystemCalls.clearSignals(event);
                other.join();
            }
        }
    }

    @Test
    void zeroCopySendTellsWhenTheBufferIsFree() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            bench.ring.sendZeroCopy(fd, bench.memory.address(), 50, NO_SIGNAL, 0, 0, 1);
            List<Seen> seen = bench.await(2);
            assertThat(seen.get(0).result()).isEqualTo(50);
            assertThat(seen.get(0).more()).isTrue();
            assertThat(seen.get(1).flags() & Cqe.IORING_CQE_F_NOTIF).isNotZero();
            assertThat(seen.get(1).more()).isFalse();
        }
    }

    @Test
    void fileIsSplicedIntoASocket(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        try (RingBench bench = RingBench.open().enabled()) {
            int fd = bench.connection();
            int source = bench.descriptor(SystemCalls.openToRead(file.toString().getBytes()));
            int[] pipe = SystemCalls.pipe();
            bench.descriptor(pipe[0]);
            bench.descriptor(pipe[1]);
            bench.ring.splice(source, 3, pipe[1], -1, 7, 0, Sqe.IOSQE_IO_LINK, 1);
            bench.ring.splice(pipe[0], -1, fd, -1, 7, 0, 0, 2);
            assertThat(bench.await(2)).extracting(Seen::result).containsExactly(7, 7);
            assertThat(bench.lastPeer().getInputStream().readNBytes(7))
                    .isEqualTo("3456789".getBytes(StandardCharsets.US_ASCII));
            bench.ring.read(source, bench.memory.address(), 4, 8, 0, 3);
            assertThat(bench.one().result()).isEqualTo(2);
            assertThat(bench.text(0, 2)).isEqualTo("89");
        }
    }
}
