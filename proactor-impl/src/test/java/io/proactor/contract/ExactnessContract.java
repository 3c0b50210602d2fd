package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.OperationFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * T24, T25 and T26 in the long run: however many operations are cancelled and time out, the byte
 * counts that they report add up to the stream, byte for byte.
 */
interface ExactnessContract extends Contract {

    /** Both random, so that they meet the read in every state that it can be in. */
    @Test
    @DisplayName("T26 1 MiB is read whole by reads that are cancelled and time out at random")
    default void readsThatAreCutShortAddUpToTheStream() throws Exception {
        long seed = Seed.of("readsThatAreCutShortAddUpToTheStream");
        SplittableRandom random = new SplittableRandom(seed);
        Pair pair = bench().accepted();
        byte[] sent = Bytes.random(1 << 20, seed);
        Future<Void> sender = bench().start(() -> send(pair.peer(), sent, seed + 1));
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        while (received.size() < sent.length) {
            ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(20_000));
            Recorder<Integer> read = bench().recorder();
            long timeoutMicros = random.nextInt(4) == 0 ? 1 + random.nextInt(2_000) : 0;
            long id = initiate(pair, target, timeoutMicros, random, read);
            if (random.nextInt(3) == 0) {
                LockSupport.parkNanos(random.nextInt(200_000));
                pair.socket().cancel(id);
            }
            long moved = read.cause() == null ? read.value() : movedBy(read);
            assertThat(moved).isEqualTo(target.position());
            received.writeBytes(Bytes.array(target));
        }
        Bench.join(sender);
        assertThat(received.toByteArray()).isEqualTo(sent);
        pair.roundTrips();
    }

    private static long initiate(Pair pair, ByteBuffer target, long timeoutMicros,
            SplittableRandom random, Recorder<Integer> read) {
        int left = target.remaining();
        // What the last read asks for may never come.
        long patienceMicros = Math.max(500, timeoutMicros);
        return switch (random.nextInt(3)) {
            case 0 -> pair.socket().read(target, timeoutMicros, TimeUnit.MICROSECONDS, null, read);
            case 1 -> pair.socket().readAtLeast(target, 1 + random.nextInt(left), patienceMicros,
                    TimeUnit.MICROSECONDS, null, read);
            default -> pair.socket().readUntil(target, new byte[] {(byte) random.nextInt(256)},
                    patienceMicros, TimeUnit.MICROSECONDS, null, read);
        };
    }

    private static long movedBy(Recorder<?> cut) throws InterruptedException {
        assertThat(cut.cause()).isInstanceOf(OperationFailure.class);
        return ((OperationFailure) cut.cause()).bytesMoved();
    }

    /** In pieces with pauses, so that reads find much, little and nothing. */
    private static Void send(Peer peer, byte[] bytes, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(10_000));
            peer.send(Arrays.copyOfRange(bytes, at, end));
            at = end;
            LockSupport.parkNanos(random.nextInt(100_000));
        }
        return null;
    }

    @Test
    @DisplayName("T24 400 writes, cancelled and timed out at random: the peer reads what they "
            + "report")
    default void writesThatAreCutShortAddUpToTheStream() throws Exception {
        long seed = Seed.of("writesThatAreCutShortAddUpToTheStream");
        SplittableRandom random = new SplittableRandom(seed);
        Pair pair = bench().accepted();
        // A slow reader, so that writes queue up and are cut in every state.
        Future<byte[]> reader = bench().start(() -> receiveSlowly(pair.peer()));
        List<byte[]> bodies = new ArrayList<>();
        List<Recorder<Integer>> writes = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            byte[] body = Bytes.random(random.nextInt(200_000), seed + i);
            Recorder<Integer> write = bench().recorder();
            long timeoutMicros = random.nextInt(4) == 0 ? 1 + random.nextInt(20_000) : 0;
            ids.add(pair.socket().write(sources(body, random), timeoutMicros,
                    TimeUnit.MICROSECONDS, null, write));
            bodies.add(body);
            writes.add(write);
            for (int cancels = random.nextInt(3); cancels > 0; cancels--) {
                pair.socket().cancel(ids.get(Math.max(0, i - random.nextInt(20))));
            }
            LockSupport.parkNanos(random.nextInt(300_000));
        }
        pair.socket().shutdownOutput();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < writes.size(); i++) {
            Recorder<Integer> write = writes.get(i);
            long moved = write.cause() == null ? write.value() : movedBy(write);
            expected.write(bodies.get(i), 0, (int) moved);
        }
        assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(expected.toByteArray());
    }

    private static ByteBuffer[] sources(byte[] body, SplittableRandom random) {
        int cut = random.nextInt(body.length + 1);
        return new ByteBuffer[] {ByteBuffer.wrap(body, 0, cut),
                ByteBuffer.wrap(body, cut, body.length - cut)};
    }

    private static byte[] receiveSlowly(Peer peer) throws Exception {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] some = new byte[64 * 1_024];
        for (int count = 0; count >= 0; count = peer.receiveSome(some)) {
            received.write(some, 0, count);
            LockSupport.parkNanos(500_000);
        }
        return received.toByteArray();
    }
}
