package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T22: writes of several threads come out whole, and in the order of their initiation. */
interface FrameContract extends Contract {

    /** A frame is a length, the thread that wrote it, its number there, and as many bytes. */
    record Frame(int writer, int number) {}

    @Test
    @DisplayName("T22 8 threads write 500 frames each: 4,000 intact ones, in each thread's order")
    default void framesOfEightThreadsComeOutWhole() throws Exception {
        long seed = Seed.of("framesOfEightThreadsComeOutWhole");
        Pair pair = bench().accepted();
        List<Frame> completed = new ArrayList<>();  // the handlers of one socket never overlap
        List<Future<List<Recorder<Integer>>>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int writer = i;
            writers.add(bench().start(() -> write(pair, writer, seed + writer, completed)));
        }
        List<Frame> received = receive(pair, 8 * 500);
        for (Future<List<Recorder<Integer>>> each : writers) {
            for (Recorder<Integer> write : Bench.join(each)) {
                assertThat(write.value()).isGreaterThanOrEqualTo(12);
            }
        }
        for (int i = 0; i < 8; i++) {
            int writer = i;
            assertThat(received.stream().filter(frame -> frame.writer() == writer)
                    .map(Frame::number))
                    .containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
        }
        assertThat(completed).as("completions in the order of the stream").isEqualTo(received);
    }

    private List<Recorder<Integer>> write(Pair pair, int writer, long seed, List<Frame> completed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Recorder<Integer>> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Frame frame = new Frame(writer, i);
            Recorder<Integer> write = bench().recorder(call -> completed.add(frame));
            // A few frames are larger than what any chunk or socket buffer takes at once.
            int length = random.nextInt(100) == 0 ? 300_000 : random.nextInt(2_000);
            ByteBuffer header = ByteBuffer.allocate(12);
            header.putInt(length).putInt(writer).putInt(i).flip();
            ByteBuffer body = ByteBuffer.wrap(Bytes.random(length, writer * 1_000L + i));
            if (random.nextBoolean()) {
                pair.socket().write(new ByteBuffer[] {header, body}, null, write);
            } else {
                ByteBuffer whole = ByteBuffer.allocateDirect(12 + length);
                pair.socket().write(whole.put(header).put(body).flip(), null, write);
            }
            writes.add(write);
        }
        return writes;
    }

    private static List<Frame> receive(Pair pair, int count) throws Exception {
        List<Frame> received = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DataInputStream header = new DataInputStream(
                    new java.io.ByteArrayInputStream(pair.peer().receiveBytes(12)));
            int length = header.readInt();
            int writer = header.readInt();
            int number = header.readInt();
            assertThat(pair.peer().receiveBytes(length))
                    .isEqualTo(Bytes.random(length, writer * 1_000L + number));
            received.add(new Frame(writer, number));
        }
        return received;
    }

    @Test
    @DisplayName("T22 the writes of one thread complete in the order of their initiation")
    default void writesCompleteInTheOrderOfInitiation() throws Exception {
        Pair pair = bench().accepted();
        List<Integer> completed = new ArrayList<>();
        Recorder<Integer> last = null;
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            last = bench().recorder(call -> completed.add(number));
            pair.socket().write(ByteBuffer.allocate(i % 7 == 0 ? 0 : 100), null, last);
        }
        pair.peer().receiveBytes(1_000 * 100 - 143 * 100);
        last.value();
        assertThat(completed)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }

    /**
     * Both directions at once, as a proxy has them, with more bytes than any buffer between holds.
     */
    @Test
    @DisplayName("T22 bytes go both ways at the same time, and none is lost or changed")
    default void bothDirectionsAtOnce() throws Exception {
        Pair pair = bench().connected();
        byte[] out = Bytes.random(4 << 20, 1);
        byte[] in = Bytes.random(4 << 20, 2);
        Future<Void> sender = bench().start(() -> {
            pair.peer().send(in);
            return null;
        });
        Future<byte[]> receiver = bench().start(() -> pair.peer().receiveBytes(out.length));
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(out));
        assertThat(pair.readBytes(in.length)).isEqualTo(in);
        assertThat(Bench.join(receiver)).isEqualTo(out);
        assertThat(write.value()).isEqualTo(out.length);
        Bench.join(sender);
    }
}
