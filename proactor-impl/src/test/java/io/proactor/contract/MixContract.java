package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.FileRegion;
import io.proactor.Lease;
import io.proactor.operation.OperationFailure;
import io.proactor.spi.ReceiveLimits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T20, T24, T26: all ways to read and to write one stream, in turn and cut short, add up to it. */
interface MixContract extends Contract {

    /** Three connections compete for two buffers, so that receives wait and leave the line. */
    @Test
    @DisplayName("T20 reads, receives and waits in turn, cancelled and timed out, lose no byte")
    default void allWaysToReadAddUpToTheStream() throws Exception {
        long seed = Seed.of("allWaysToReadAddUpToTheStream");
        bench().open(options -> options.withReceiveLimits(new ReceiveLimits(64, 2, 1)));
        List<Future<Void>> ends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Pair pair = bench().accepted();
            long own = seed + i;
            ends.add(bench().start(() -> readInAllWays(pair, 60_000, own)));
        }
        for (Future<Void> each : ends) {
            Bench.join(each);
        }
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T20 the same when calls move less than they could, or nothing")
    default void allWaysToReadAddUpUnderFaults() throws Exception {
        long seed = Seed.of("allWaysToReadAddUpUnderFaults");
        AtomicInteger calls = new AtomicInteger();
        bench().openWithFaults(new Faults() {
            @Override
            public int onRead(int wanted) {
                return Math.min(wanted, calls.incrementAndGet() * 7 % 13);
            }
        });
        readInAllWays(bench().accepted(), 20_000, seed);
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    private Void readInAllWays(Pair pair, int bytes, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sent = Bytes.random(bytes, seed);
        Future<Void> sender = bench().start(() -> send(pair.peer(), sent, seed + 1_000));
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        while (received.size() < sent.length) {
            readOnce(pair, random, received);
        }
        Bench.join(sender);
        assertThat(received.toByteArray()).isEqualTo(sent);
        return null;
    }

    private void readOnce(Pair pair, SplittableRandom random, ByteArrayOutputStream received)
            throws Exception {
        ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(300));
        long micros = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(1_000);
        switch (random.nextInt(4)) {
            case 0 -> {
                Recorder<Integer> read = bench().recorder();
                long id = pair.socket().read(target, micros, TimeUnit.MICROSECONDS, null, read);
                cut(pair, id, random);
                assertThat(read.cause() == null ? read.value() : moved(read))
                        .isEqualTo(target.position());
            }
            case 1 -> {
                Recorder<Integer> read = bench().recorder();
                long id = pair.socket().readUntil(target, new byte[] {(byte) random.nextInt(256)},
                        Math.max(500, micros), TimeUnit.MICROSECONDS, null, read);
                cut(pair, id, random);
                assertThat(read.cause() == null ? read.value() : moved(read))
                        .isEqualTo(target.position());
            }
            case 2 -> {
                Recorder<Lease> receive = bench().recorder();
                long id = pair.socket().receive(target.capacity(), micros, TimeUnit.MICROSECONDS,
                        null, receive);
                cut(pair, id, random);
                if (receive.cause() == null) {
                    try (Lease lease = receive.value()) {
                        target = ByteBuffer.allocate(64).put(lease.buffer());
                    }
                } else {
                    assertThat(moved(receive)).isZero();
                }
            }
            default -> {
                Recorder<Void> wait = bench().recorder();
                long id = pair.socket().waitReadable(micros, TimeUnit.MICROSECONDS, null, wait);
                cut(pair, id, random);
                wait.await();
            }
        }
        received.writeBytes(Bytes.array(target));
    }

    private static void cut(Pair pair, long id, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            LockSupport.parkNanos(random.nextInt(100_000));
            pair.socket().cancel(id);
        }
    }

    private static int moved(Recorder<?> cut) throws InterruptedException {
        assertThat(cut.cause()).isInstanceOf(OperationFailure.class);
        return (int) ((OperationFailure) cut.cause()).bytesMoved();
    }

    private static Void send(Peer peer, byte[] bytes, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(700));
            peer.send(java.util.Arrays.copyOfRange(bytes, at, end));
            at = end;
            if (random.nextInt(8) == 0) {
                LockSupport.parkNanos(random.nextInt(300_000));
            }
        }
        return null;
    }

    @Test
    @DisplayName("T18, T24 files and buffers in turn, cancelled and timed out: their counts are "
            + "the stream")
    default void filesAndBuffersAddUpToTheStream() throws Exception {
        writeInAllWays(Seed.of("filesAndBuffersAddUpToTheStream"), 200, 200_000);
    }

    @Test
    @DisplayName("T18 the same when calls move less than they could, or nothing")
    default void filesAndBuffersAddUpUnderFaults() throws Exception {
        long seed = Seed.of("filesAndBuffersAddUpUnderFaults");
        AtomicInteger calls = new AtomicInteger();
        bench().openWithFaults(new Faults() {
            @Override
            public int onWrite(int wanted) {
                return Math.min(wanted, calls.incrementAndGet() * 7 % 1_300);
            }
        });
        writeInAllWays(seed, 60, 20_000);
    }

    private void writeInAllWays(long seed, int writes, int bytesMax) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = Bytes.random(bytesMax, seed);
        Path path = Files.createTempFile("proactor", ".bytes");
        bench().keep(() -> Files.deleteIfExists(path));
        Files.write(path, bytes);
        FileChannel file = bench().keep(FileChannel.open(path));
        Pair pair = bench().accepted();
        Future<byte[]> reader = bench().start(pair.peer()::receiveAll);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < writes; i++) {
            int from = random.nextInt(bytes.length);
            int count = 1 + random.nextInt(bytes.length - from);
            long micros = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(500);
            if (random.nextBoolean()) {
                Recorder<Long> send = bench().recorder();
                ByteBuffer header = ByteBuffer.wrap(bytes, 0, random.nextInt(20));
                ByteBuffer trailer = ByteBuffer.wrap(bytes, 0, random.nextInt(20));
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                whole.write(bytes, 0, header.remaining());
                whole.write(bytes, from, count);
                whole.write(bytes, 0, trailer.remaining());
                long id = pair.socket().sendFile(
                        FileRegion.of(file).part(from, count).between(header, trailer), micros,
                        TimeUnit.MICROSECONDS, null, send);
                cut(pair, id, random);
                int moved = send.cause() == null ? (int) (long) send.value() : moved(send);
                expected.write(whole.toByteArray(), 0, moved);
            } else {
                Recorder<Integer> write = bench().recorder();
                long id = pair.socket().write(ByteBuffer.wrap(bytes, from, count), micros,
                        TimeUnit.MICROSECONDS, null, write);
                cut(pair, id, random);
                expected.write(bytes, from, write.cause() == null ? write.value() : moved(write));
            }
        }
        pair.socket().shutdownOutput();
        assertThat(Bench.join(reader)).isEqualTo(expected.toByteArray());
    }
}
