package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.ComposedOperation;
import io.proactor.EndOfStreamException;
import io.proactor.FrameTooLargeException;
import io.proactor.Frames;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.Proactor;
import io.proactor.Strand;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frames with their length in front: bounded, one deadline, cancelled as one, nothing lost. */
interface FrameReadContract extends Contract {

    @Test
    @DisplayName("Frames of every length come out as they went in, with each kind of prefix")
    default void framesComeOutAsTheyWentIn() throws Exception {
        for (int prefixBytes : new int[] {1, 2, 4}) {
            int most = prefixBytes == 1 ? 255 : 65_535;
            Pair pair = bench().accepted();
            Frames frames = new Frames(pair.socket(), prefixBytes, most);
            for (int length : new int[] {0, 1, 127, 128, 255, most}) {
                byte[] payload = Bytes.random(length, length);
                Recorder<Integer> write = bench().recorder();
                frames.write(ByteBuffer.wrap(payload), null, write);
                assertThat(write.value()).isEqualTo(prefixBytes + length);
                byte[] raw = pair.peer().receiveBytes(prefixBytes + length);
                int announced = 0;
                for (int i = 0; i < prefixBytes; i++) {
                    announced = announced << 8 | raw[i] & 0xff;
                }
                assertThat(announced).isEqualTo(length);
                pair.peer().send(raw);
                assertThat(read(frames).value()).isEqualTo(ByteBuffer.wrap(payload));
            }
        }
    }

    @Test
    @DisplayName("A frame goes into a given buffer behind its position; the result is its payload")
    default void frameGoesIntoTheGivenBuffer() throws Exception {
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 2, 100);
        ByteBuffer target = ByteBuffer.allocateDirect(16).put((byte) '!');
        Recorder<ByteBuffer> read = bench().recorder();
        frames.read(target, "attached", read);
        pair.peer().send("\0\3abc\0\0");
        assertThat(read.value()).isSameAs(target).isEqualTo(Bytes.of("abc"));
        assertThat(target.position()).isEqualTo(1);
        assertThat(read.attachment()).isEqualTo("attached");
        assertThat(read(frames).value().remaining()).isZero();
    }

    @Test
    @DisplayName("2,000 frames of random length, in segments of random length, come whole")
    default void framesComeWholeHoweverTheyAreCut() throws Exception {
        long seed = Seed.of("framesComeWholeHoweverTheyAreCut");
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 4, 300);
        Future<Void> sender = sendFrames(pair, 2_000, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] expected = Bytes.random(random.nextInt(300), seed + i);
            assertThat(read(frames).value()).isEqualTo(ByteBuffer.wrap(expected));
        }
        Bench.join(sender);
    }

    @Test
    @DisplayName("A frame that is too large is told with its length, before anything is allocated")
    default void frameThatIsTooLargeIsRefused() throws Exception {
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 4, 1_000);
        pair.peer().send("\u00ff\u00ff\u00ff\u00ff");
        FrameTooLargeException first = read(frames).failure(FrameTooLargeException.class);
        assertThat(first.length()).isEqualTo(0xffff_ffffL);
        assertThat(first.bytesMoved()).isEqualTo(4);
        FrameTooLargeException again = read(frames).failure(FrameTooLargeException.class);
        assertThat(again.bytesMoved()).isZero();
        pair.roundTrips();
    }

    @Test
    @DisplayName("A frame that there is no memory for is a failure, also of the next read")
    default void frameWithoutMemoryIsFailure() throws Exception {
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 4, Integer.MAX_VALUE);  // no array is that long
        Recorder<ByteBuffer> first = read(frames);
        pair.peer().send(new byte[] {127, -1, -1, -1});
        first.failure(OutOfMemoryError.class);
        read(frames).failure(OutOfMemoryError.class);
        assertThat(bench().listener().thrown()).isEmpty();
    }

    @Test
    @DisplayName("A frame that the given buffer has no room for may be read with a larger one")
    default void frameMayBeReadWithALargerBuffer() throws Exception {
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 1, 255);
        ByteBuffer small = ByteBuffer.allocate(8).limit(4);
        pair.peer().send("\5hello\1x");
        for (int i = 0; i < 2; i++) {
            Recorder<ByteBuffer> refused = bench().recorder();
            frames.read(small, null, refused);
            assertThat(refused.failure(FrameTooLargeException.class).length()).isEqualTo(5);
            assertThat(small.position()).isZero();
            assertThat(small.limit()).isEqualTo(4);
        }
        assertThat(read(frames).value()).isEqualTo(Bytes.of("hello"));
        assertThat(read(frames).value()).isEqualTo(Bytes.of("x"));
    }

    @Test
    @DisplayName("The end of the stream is null before a frame, and a failure inside it")
    default void endOfTheStreamIsNullOrAFailure() throws Exception {
        String[] sent = {"", "\0", "\0\5", "\0\5abc"};
        for (String part : sent) {
            Pair pair = bench().accepted();
            Frames frames = new Frames(pair.socket(), 2, 100);
            pair.peer().send("\0\1x" + part);
            pair.peer().finish();
            assertThat(read(frames).value()).isEqualTo(Bytes.of("x"));
            if (part.isEmpty()) {
                assertThat(read(frames).value()).isNull();
                assertThat(read(frames).value()).isNull();
            } else {
                assertThat(read(frames).failure(EndOfStreamException.class).bytesMoved())
                        .isEqualTo(part.length());
                assertThat(read(frames).failure(EndOfStreamException.class).bytesMoved()).isZero();
            }
        }
    }

    @Test
    @DisplayName("The deadline is for the whole frame, however its parts come")
    default void deadlineIsForTheWholeFrame() throws Exception {
        long moved = 0;
        // On a machine that stands still the bytes may come too late, or the end: then, once more.
        for (int attempts = 0; attempts < 5 && moved != 6; attempts++) {
            moved = movedInTime();
        }
        assertThat(moved).isEqualTo(6);
    }

    /** Returns how many bytes came before the deadline; 0 as well if that came late. */
    private long movedInTime() throws Exception {
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 4, 100);
        Recorder<ByteBuffer> read = bench().recorder();
        long startNanos = System.nanoTime();
        frames.read(1_500, TimeUnit.MILLISECONDS, null, read);
        // If the payload had a time of its own, the end would be at 2,700.
        Recorder<Void> tooLate = bench().recorder();
        bench().keep(bench().proactor().newTimer())
                .schedule(2_100, TimeUnit.MILLISECONDS, null, tooLate);
        Until.until("most of the time is over",
                () -> System.nanoTime() - startNanos >= TimeUnit.MILLISECONDS.toNanos(1_200));
        pair.peer().send("\0\0\0\5ab");
        long moved = read.failure(OperationTimedOutException.class).bytesMoved();
        boolean inTime = !tooLate.called();
        assertThat(read.millisSince(startNanos)).isGreaterThanOrEqualTo(1_500);
        pair.peer().send("cde");
        assertThat(read(frames).value()).isEqualTo(Bytes.of("abcde"));
        return inTime ? moved : 0;
    }

    @Test
    @DisplayName("A cancelled frame is kept as far as it came, also from a given buffer")
    default void cancelledFrameIsKept() throws Exception {
        bench().open(options -> options.withLoops(1));
        Pair pair = bench().accepted();
        Pair probe = bench().accepted();
        Frames frames = new Frames(pair.socket(), 2, 100);
        ByteBuffer target = ByteBuffer.allocate(32);
        // What is sent at a time is either of the prefix or of the payload: a cancel between the two
        // parts of the read would leave the latter to the next one.
        String[] parts = {"\0", "\12", "012", "34", "56789"};
        for (int i = 0; i < 4; i++) {
            Recorder<ByteBuffer> read = bench().recorder();
            ComposedOperation pending = frames.read(target, null, read);
            pair.peer().send(parts[i]);
            probe.roundTrips();
            assertThat(pending.cancel()).isTrue();
            assertThat(pending.cancel()).isFalse();
            assertThat(read.failure(OperationCancelledException.class).bytesMoved())
                    .isEqualTo(parts[i].length());
            assertThat(target.position()).isZero();
            assertThat(target.limit()).isEqualTo(32);
            target.duplicate().put(new byte[32]);  // the application does with it what it likes
        }
        pair.peer().send(parts[4]);
        Recorder<ByteBuffer> last = bench().recorder();
        ComposedOperation done = frames.read(target, null, last);
        assertThat(last.value()).isEqualTo(Bytes.of("0123456789"));
        assertThat(done.cancel()).isFalse();
    }

    /**
     * The socket's handlers are bound to a strand that is busy, so the completion of a part waits
     * there. That it is complete is known from two round trips that began later, on the same loop.
     */
    @Test
    @DisplayName("T25 a cancel between two parts is heard by the next; after the last, the result "
            + "stands")
    default void cancelBetweenThePartsIsHeard() throws Exception {
        Require.threadsOfItsOwn(bench());
        Proactor proactor = bench().open(options -> options.withLoops(1));
        Strand strand = proactor.newStrand();
        Pair pair = bench().accepted();
        Pair probe = bench().accepted();
        pair.socket().bind(strand);
        Frames frames = new Frames(pair.socket(), 1, 10);
        Recorder<ByteBuffer> cancelled = bench().recorder();
        ComposedOperation pending = frames.read(null, cancelled);
        cancelWhileTheStrandIsBusy(strand, probe, pending, () -> pair.peer().send("\3"));
        assertThat(cancelled.failure(OperationCancelledException.class).bytesMoved()).isEqualTo(1);
        Recorder<ByteBuffer> finished = bench().recorder();
        ComposedOperation last = frames.read(null, finished);
        cancelWhileTheStrandIsBusy(strand, probe, last, () -> pair.peer().send("abc"));
        assertThat(finished.value()).isEqualTo(Bytes.of("abc"));
    }

    /** What a peer does. */
    interface Sending {
        void run() throws Exception;
    }

    private void cancelWhileTheStrandIsBusy(Strand strand, Pair probe, ComposedOperation pending,
            Sending sending) throws Exception {
        CountDownLatch leave = bench().gate();
        strand.execute(() -> Bench.pass(leave));
        sending.run();
        probe.roundTrips();
        assertThat(pending.cancel()).isTrue();
        leave.countDown();
    }

    @Test
    @DisplayName("Cancels that race the bytes of frames: each handler once, each frame whole")
    default void cancelsThatRaceFramesLoseNothing() throws Exception {
        long seed = Seed.of("cancelsThatRaceFramesLoseNothing");
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 4, 300);
        Future<Void> sender = sendFrames(pair, 300, seed);
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom delays = new SplittableRandom(seed + 1);
        for (int i = 0; i < 300; i++) {
            byte[] expected = Bytes.random(random.nextInt(300), seed + i);
            Recorder<ByteBuffer> read = bench().recorder();
            ComposedOperation pending = frames.read(null, read);
            LockSupport.parkNanos(delays.nextInt(30_000));
            boolean cancelled = pending.cancel();
            while (read.cause() != null) {
                assertThat(cancelled).isTrue();
                read.failure(OperationCancelledException.class);
                read = bench().recorder();
                pending = frames.read(null, read);
                cancelled = delays.nextBoolean() && pending.cancel();
            }
            assertThat(read.value()).isEqualTo(ByteBuffer.wrap(expected));
            assertThat(pending.cancel()).isFalse();
        }
        Bench.join(sender);
    }

    @Test
    @DisplayName("Misuse is refused to the caller, and harmless")
    default void misuseOfFramesIsRefused() throws Exception {
        Pair pair = bench().accepted();
        Frames frames = new Frames(pair.socket(), 1, 10);
        Recorder<ByteBuffer> pending = read(frames);
        assertThatThrownBy(() -> read(frames)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> frames.read(Bytes.of("ab").asReadOnlyBuffer(), null,
                bench().recorder())).isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> frames.write(ByteBuffer.allocate(11), null, bench().recorder()))
                .isInstanceOf(IllegalArgumentException.class);
        for (int[] wrong : new int[][] {{3, 1}, {1, 256}, {2, 65_536}, {4, -1}}) {
            assertThatThrownBy(() -> new Frames(pair.socket(), wrong[0], wrong[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        pair.peer().send("\2ab");
        assertThat(pending.value()).isEqualTo(Bytes.of("ab"));
        Recorder<Integer> socketsOwn = pair.read(ByteBuffer.allocate(1));
        assertThatThrownBy(() -> read(frames)).isInstanceOf(IllegalStateException.class);
        pair.peer().send("?\1x");
        socketsOwn.value();
        assertThat(read(frames).value()).isEqualTo(Bytes.of("x"));
    }

    private Recorder<ByteBuffer> read(Frames frames) {
        Recorder<ByteBuffer> read = bench().recorder();
        frames.read(null, read);
        return read;
    }

    /** Sends frames that the same seed makes again, in pieces that have nothing to do with them. */
    private Future<Void> sendFrames(Pair pair, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer all = ByteBuffer.allocate(count * 304);
        for (int i = 0; i < count; i++) {
            byte[] payload = Bytes.random(random.nextInt(300), seed + i);
            all.putInt(payload.length).put(payload);
        }
        byte[] bytes = Bytes.array(all);
        return bench().start(() -> {
            SplittableRandom cuts = new SplittableRandom(~seed);
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + 1 + cuts.nextInt(400));
                pair.peer().send(Arrays.copyOfRange(bytes, at, end));
                at = end;
            }
            return null;
        });
    }
}
