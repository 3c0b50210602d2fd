package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;

/**
 * An enabled ring of the kernel for one test, which the test's thread owns, with memory, loopback
 * sockets and what is needed to wait for completions. Skips the test where there is no io_uring.
 */
final class RingBench implements AutoCloseable {

    /** A completion as it was reaped. */
    record Seen(long userData, int result, int flags) {
        boolean more() {
            return Cqe.more(flags);
        }

        int bufferId() {
            return Cqe.bufferId(flags);
        }
    }

    static final int SUBMISSIONS = 32;
    static final int COMPLETIONS = 64;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MEMORY_BYTES = 1 << 20;

    final KernelRing kernel;
    final Ring ring;
    final Slab memory;

    private final long[] userData = new long[16];
    private final int[] results = new int[16];
    private final int[] flags = new int[16];
    // True once a test has closed the ring itself, with nothing in flight.
    private boolean ringClosed;

    private final List<Seen> pending = new ArrayList<>();
    private final List<Integer> descriptors = new ArrayList<>();
    private final List<Socket> peers = new ArrayList<>();
    private Socket greeter = new Socket();

    private RingBench(KernelRing kernel, Ring ring) throws SystemCallException {
        this.kernel = kernel;
        this.ring = ring;
        this.memory = Slab.map(MEMORY_BYTES);
    }

    static RingBench open() throws SystemCallException {
        return open(SUBMISSIONS, COMPLETIONS, 0, ring -> ring);
    }

    /**
     * @param slots of the file table; 0 for none
     * @param decorator is put around the kernel's ring
     */
    static RingBench open(int submissions, int completions, int slots,
            UnaryOperator<Ring> decorator) throws SystemCallException {
        KernelRing kernel = open(submissions, completions, SetupFlags.PREFERRED);
        if (slots > 0) {
            kernel.registerFileTable(slots);
        }
        return new RingBench(kernel, decorator.apply(kernel));
    }

    static RingBench openWith(int setupFlags) throws SystemCallException {
        KernelRing kernel = open(8, 16, setupFlags);
        return new RingBench(kernel, kernel);
    }

    private static KernelRing open(int submissions, int completions, int setupFlags)
            throws SystemCallException {
        String refusal = Platform.refusal();
        Assumptions.assumeTrue(refusal == null, refusal);
        try {
            return KernelRing.open(submissions, completions, setupFlags);
        } catch (SystemCallException e) {
            if (e.errno() == Errno.EINVAL && setupFlags == SetupFlags.PREFERRED) {
                return open(submissions, completions, SetupFlags.REQUIRED);
            }
            Assumptions.abort("no io_uring here: " + e.getMessage());
            throw e;
        }
    }

    /** From here on entries may be submitted. */
    RingBench enabled() throws SystemCallException {
        ring.enable();
        return this;
    }

    /** Submits, and waits for exactly so many completions. */
    List<Seen> await(int count) {
        List<Seen> seen = new ArrayList<>();
        long end = System.nanoTime() + LIMIT_NANOS;
        while (seen.size() < count) {
            assertThat(System.nanoTime() - end).as("time left; seen: " + seen).isNegative();
            assertThat(ring.enter(1, QUIET_NANOS)).isNotNegative();
            reap(seen);
        }
        assertThat(seen).hasSize(count);
        return seen;
    }

    /** Submits, and waits for the next completion; more may be there already. */
    Seen next() {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (pending.isEmpty()) {
            assertThat(System.nanoTime() - end).as("time left").isNegative();
            assertThat(ring.enter(1, QUIET_NANOS)).isNotNegative();
            reap(pending);
        }
        return pending.remove(0);
    }

    /** Submits, and waits for one completion. */
    Seen one() {
        return await(1).get(0);
    }

    /** Submits, and collects what comes within a moment. */
    List<Seen> inAMoment() {
        List<Seen> seen = new ArrayList<>();
        int before;
        do {
            before = seen.size();
            assertThat(ring.enter(1, QUIET_NANOS)).isNotNegative();
            reap(seen);
        } while (seen.size() > before);
        return seen;
    }

    private void reap(List<Seen> into) {
        int count;
        do {
            count = ring.reap(userData, results, flags);
            for (int i = 0; i < count; i++) {
                into.add(new Seen(userData[i], results[i], flags[i]));
            }
        } while (count == userData.length);
    }

    static Seen of(List<Seen> all, long userData) {
        return all.stream().filter(seen -> seen.userData() == userData).findFirst().orElseThrow();
    }

    /** Returns a listening socket on the loopback address. */
    int listener() throws IOException {
        int fd = descriptor(SystemCalls.streamSocket(SocketFlags.AF_INET));
        assertThat(SystemCalls.bind(fd, SocketFlags.AF_INET,
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0))).isZero();
        assertThat(SystemCalls.listen(fd, 16)).isZero();
        return fd;
    }

    /** Connects to a listening socket of ours. */
    Socket peer(int listener) throws IOException {
        InetSocketAddress address = SystemCalls.localAddress(listener);
        Socket peer = new Socket(address.getAddress(), address.getPort());
        peer.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(LIMIT_NANOS));
        peer.setTcpNoDelay(true);
        peers.add(peer);
        return peer;
    }

    /** Returns our end of a connection whose other end is {@link #lastPeer}. */
    int connection() throws IOException {
        int listener = listener();
        peer(listener);
        ring.accept(listener, 0, 0, SocketFlags.SOCK_CLOEXEC, Ring.NO_SLOT, 0, 0, 999);
        return descriptor(one().result());
    }

    /** A client that connects and says hello; the one before it goes, with a reset. */
    void hello(int listener) throws IOException {
        InetSocketAddress address = SystemCalls.localAddress(listener);
        greeter.close();
        greeter = new Socket(address.getAddress(), address.getPort());
        greeter.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        greeter.setSoLinger(true, 0);
    }

    Socket lastPeer() {
        return peers.get(peers.size() - 1);
    }

    /** Sees to it that the descriptor is closed in the end. */
    int descriptor(int fd) {
        assertThat(fd).as("a descriptor").isNotNegative();
        descriptors.add(fd);
        return fd;
    }

    String text(long offset, int bytes) {
        byte[] copy = new byte[bytes];
        memory.buffer(offset, bytes).get(copy);
        return new String(copy, StandardCharsets.US_ASCII);
    }

    void say(String text) throws IOException {
        lastPeer().getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Closes the ring before everything else; nothing may be in flight. */
    void closeRing() {
        ringClosed = true;
        ring.close();
    }

    /** Ends all that is in flight first: the kernel must not write where memory has been freed. */
    @Override
    public void close() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
        greeter.close();
        if (!ringClosed) {
            if (ring.space() > 0) {
                ring.cancelAll(0, 998);
            }
            inAMoment();
            ring.close();
        }
        descriptors.forEach(SystemCalls::close);
        memory.close();
    }
}
