package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.ResetByPeerException;
import io.proactor.StreamSocket;
import io.proactor.TransferFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The processor's own calls move less than they were asked to, nothing at all, or fail. */
interface FaultContract extends Contract {

    @Test
    @DisplayName("T21 what goes each way comes whole when each call moves one byte")
    default void oneByteAtATimeLosesNothing() throws Exception {
        bench().openWithFaults(new Faults() {
            @Override
            public int onRead(int wanted) {
                return Math.min(1, wanted);
            }

            @Override
            public int onWrite(int wanted) {
                return Math.min(1, wanted);
            }
        });
        // Two million calls, for which the dispatcher does not matter: once for each processor.
        assertBothWays(bench().dispatch() == Dispatch.EXECUTOR ? 1 << 20 : 1 << 16, 1);
    }

    @Test
    @DisplayName("T21 4 MiB each way comes whole when each call moves a random part, or nothing")
    default void randomShortTransfersLoseNothing() throws Exception {
        long seed = Seed.of("randomShortTransfersLoseNothing");
        SplittableRandom reads = new SplittableRandom(seed);
        SplittableRandom writes = new SplittableRandom(seed + 1);
        bench().openWithFaults(new Faults() {
            @Override
            public int onRead(int wanted) {
                return part(reads, wanted);
            }

            @Override
            public int onWrite(int wanted) {
                return part(writes, wanted);
            }
        });
        assertBothWays(4 << 20, seed);
        assertGathered(seed);
    }

    /** Nothing one time in four, a few bytes one time in four, and else as many as wanted. */
    private static int part(SplittableRandom random, int wanted) {
        synchronized (random) {
            return switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> Math.min(wanted, 1 + random.nextInt(100));
                default -> wanted;
            };
        }
    }

    private void assertBothWays(int count, long seed) throws Exception {
        Pair pair = bench().connected();
        byte[] out = Bytes.random(count, seed);
        byte[] in = Bytes.random(count, seed + 1);
        Future<Void> sender = bench().start(() -> {
            pair.peer().send(in);
            return null;
        });
        Future<byte[]> receiver = bench().start(() -> pair.peer().receiveBytes(count));
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(out));
        ByteBuffer target = ByteBuffer.allocateDirect(count);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readExactly(target, null, read);
        assertThat(receiver.get(60, TimeUnit.SECONDS)).isEqualTo(out);
        assertThat(write.value()).isEqualTo(count);
        assertThat(read.value()).isEqualTo(count);
        assertThat(Bytes.array(target)).isEqualTo(in);
        Bench.join(sender);
    }

    private void assertGathered(long seed) throws Exception {
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(2_000 * 100, seed);
        ByteBuffer[] sources = new ByteBuffer[2_000];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = ByteBuffer.wrap(bytes, i * 100, 100);
        }
        Recorder<Integer> write = bench().recorder();
        pair.socket().write(sources, null, write);
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(write.value()).isEqualTo(bytes.length);
    }

    @Test
    @DisplayName("T19 a failure of the system's call is typed and carries the bytes that were "
            + "moved")
    default void failedCallsAreTypedAndCounted() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        String[] text = {"Connection reset by peer"};
        bench().openWithFaults(new Faults() {
            @Override
            public int onRead(int wanted) throws IOException {
                if (reads.incrementAndGet() > 10) {
                    throw new IOException(text[0]);
                }
                return Math.min(1, wanted);
            }
        });
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(100);
        Recorder<Integer> reset = bench().recorder();
        pair.peer().send(new byte[100]);
        pair.socket().readExactly(target, null, reset);
        assertThat(reset.failure(ResetByPeerException.class).bytesMoved()).isEqualTo(10);
        assertThat(target.position()).isEqualTo(10);
        text[0] = "Input/output error";
        reads.set(0);
        Pair other = bench().accepted();
        Recorder<Integer> failed = bench().recorder();
        other.peer().send(new byte[100]);
        other.socket().readExactly(target.clear(), null, failed);
        TransferFailedException failure = failed.failure(TransferFailedException.class);
        assertThat(failure.bytesMoved()).isEqualTo(10);
        assertThat(failure).hasMessageContaining("Input/output error");
    }

    @Test
    @DisplayName("T21 a write that fails midway counts its bytes; those behind it fail with 0")
    default void failedWriteCountsItsBytes() throws Exception {
        AtomicInteger writes = new AtomicInteger();
        bench().openWithFaults(new Faults() {
            @Override
            public int onWrite(int wanted) throws IOException {
                if (writes.incrementAndGet() > 10) {
                    throw new IOException("Broken pipe");
                }
                return Math.min(1, wanted);
            }
        });
        Pair pair = bench().accepted();
        ByteBuffer source = Bytes.of("0123456789abcdef");
        Recorder<Integer> write = pair.write(source);
        Recorder<Integer> behind = pair.write(Bytes.of("behind"));
        assertThat(write.failure(ResetByPeerException.class).bytesMoved()).isEqualTo(10);
        assertThat(source.position()).isEqualTo(10);
        assertThat(behind.failure(ResetByPeerException.class).bytesMoved()).isZero();
        assertThat(pair.peer().receive(10)).isEqualTo("0123456789");
    }

    @Test
    @DisplayName("T15 a connect that the system fails is told once; the same socket can try again")
    default void failedConnectCanBeTriedAgain() throws Exception {
        AtomicInteger connects = new AtomicInteger();
        bench().openWithFaults(new Faults() {
            @Override
            public IOException onConnect() {
                return connects.incrementAndGet() == 1
                        ? new IOException("Cannot assign requested address") : null;
            }
        });
        var server = bench().server(8);
        var socket = bench().keep(bench().proactor().newSocket());
        Recorder<StreamSocket> first = bench().recorder();
        socket.connect(server.getLocalSocketAddress(), null, first);
        assertThat(first.cause()).isInstanceOf(IOException.class);
        Recorder<StreamSocket> second = bench().recorder();
        socket.connect(server.getLocalSocketAddress(), null, second);
        second.value();
        new Pair(bench(), socket, bench().keep(new Peer(server.accept()))).roundTrips();
    }
}
