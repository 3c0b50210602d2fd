package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reads up to a delimiter: what lies behind it is the next read's. */
interface ReadUntilContract extends Contract {

    @Test
    @DisplayName("A line is read with its delimiter; bytes behind it stay in the stream")
    default void surplusStaysInTheStream() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send("first\nsecond\nthird");
        assertThat(readLine(pair, 64, "\n")).isEqualTo("first\n");
        assertThat(readLine(pair, 64, "\n")).isEqualTo("second\n");
        assertThat(pair.readText(5)).as("another kind of read takes it up").isEqualTo("third");
        pair.roundTrips();
    }

    @Test
    @DisplayName("A surplus larger than the next read's buffer is handed out piece by piece")
    default void surplusIsHandedOutPieceByPiece() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send(";0123456789");
        assertThat(readLine(pair, 64, ";")).isEqualTo(";");
        for (int i = 0; i < 10; i += 2) {
            ByteBuffer two = ByteBuffer.allocate(2);
            assertThat(pair.read(two).value()).isBetween(1, 2);
            while (two.hasRemaining()) {
                pair.read(two).value();
            }
            assertThat(Bytes.text(two)).isEqualTo("" + i + (i + 1));
        }
    }

    @Test
    @DisplayName("The surplus is read before the end of the stream is")
    default void surplusComesBeforeTheEnd() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send("head\r\n\r\nbody");
        pair.peer().close();
        assertThat(readLine(pair, 64, "\r\n\r\n")).isEqualTo("head\r\n\r\n");
        assertThat(pair.readText(4)).isEqualTo("body");
        assertThat(pair.read(ByteBuffer.allocate(8)).value()).isEqualTo(-1);
    }

    @Test
    @DisplayName("A delimiter of several bytes is found when it comes in pieces, and after false "
            + "starts")
    default void delimiterMayComeInPieces() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(64);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readUntil(target, "aab".getBytes(StandardCharsets.US_ASCII), null, read);
        for (String piece : new String[] {"xa", "a", "a", "a"}) {
            pair.peer().send(piece);
            assertThat(read.calledWithin(20)).as("after " + piece).isFalse();
        }
        pair.peer().send("b!");
        assertThat(read.value()).isEqualTo(6);
        assertThat(Bytes.text(target)).isEqualTo("xaaaab");
        assertThat(pair.readText(1)).isEqualTo("!");
    }

    @Test
    @DisplayName("The delimiter is looked for behind the target's position, not before")
    default void bytesBeforeThePositionDoNotCount() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(16).put((byte) '\r');
        Recorder<Integer> read = bench().recorder();
        pair.socket().readUntil(target, "\r\n".getBytes(StandardCharsets.US_ASCII), null, read);
        pair.peer().send("\nx\r\n");
        assertThat(read.value()).isEqualTo(4);
        assertThat(Bytes.text(target)).isEqualTo("\r\nx\r\n");
    }

    @Test
    @DisplayName("A full buffer without delimiter is DelimiterNotFoundException; the next read "
            + "goes on")
    default void fullBufferWithoutDelimiterFails() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(4);
        Recorder<Integer> read = bench().recorder();
        pair.peer().send("123456\n");
        pair.socket().readUntil(target, "\n".getBytes(StandardCharsets.US_ASCII), null, read);
        assertThat(read.failure(DelimiterNotFoundException.class).bytesMoved()).isEqualTo(4);
        assertThat(Bytes.text(target)).isEqualTo("1234");
        assertThat(readLine(pair, 3, "\n")).as("just fits").isEqualTo("56\n");
    }

    @Test
    @DisplayName("The end of the stream is -1 before the first byte, and a failure behind it")
    default void endBeforeTheDelimiterFails() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(64);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readUntil(target, new byte[] {'\n'}, null, read);
        pair.peer().send("half");
        pair.peer().finish();
        assertThat(read.failure(EndOfStreamException.class).bytesMoved()).isEqualTo(4);
        assertThat(Bytes.text(target)).isEqualTo("half");
        Recorder<Integer> next = bench().recorder();
        pair.socket().readUntil(ByteBuffer.allocate(64), new byte[] {'\n'}, null, next);
        assertThat(next.value()).isEqualTo(-1);
    }

    @Test
    @DisplayName("T25 T26 a read until a delimiter that is cancelled or times out reports its "
            + "bytes")
    default void cancelAndTimeoutReportTheBytes() throws Exception {
        Pair pair = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(64);
        Recorder<Integer> late = bench().recorder();
        pair.peer().send("one");
        pair.socket().readUntil(target, new byte[] {'\n'}, 100, TimeUnit.MILLISECONDS, null, late);
        assertThat(late.failure(OperationTimedOutException.class).bytesMoved()).isEqualTo(3);
        Recorder<Integer> cancelled = bench().recorder();
        long id = pair.socket().readUntil(target, new byte[] {'\n'}, null, cancelled);
        pair.peer().send("two");
        assertThat(cancelled.calledWithin(100)).isFalse();
        assertThat(pair.socket().cancel(id)).isTrue();
        assertThat(cancelled.failure(OperationCancelledException.class).bytesMoved()).isEqualTo(3);
        assertThat(Bytes.text(target)).isEqualTo("onetwo");
        pair.peer().send("three\n");
        assertThat(readLine(pair, 64, "\n")).isEqualTo("three\n");
    }

    @Test
    @DisplayName("2,000 lines of random length, in segments of random length, come whole and in "
            + "order")
    default void linesComeWholeHoweverTheyAreCut() throws Exception {
        long seed = Seed.of("linesComeWholeHoweverTheyAreCut");
        Pair pair = bench().accepted();
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            text.append(i).append("\r".repeat(random.nextInt(3)))
                    .append("x".repeat(random.nextInt(60))).append("\r\n");
        }
        String all = text.toString();
        Future<Void> sender = bench().start(() -> {
            SplittableRandom cuts = new SplittableRandom(seed + 1);
            for (int at = 0; at < all.length(); ) {
                int end = Math.min(all.length(), at + 1 + cuts.nextInt(200));
                pair.peer().send(all.substring(at, end));
                at = end;
            }
            return null;
        });
        StringBuilder received = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            String line = readLine(pair, 100, "\r\n");
            assertThat(line).startsWith(Integer.toString(i)).endsWith("\r\n");
            received.append(line);
        }
        assertThat(received.toString()).isEqualTo(all);
        Bench.join(sender);
    }

    @Test
    @DisplayName("An empty delimiter and a full target are refused, as misuse")
    default void misuseOfReadUntilIsRefused() throws Exception {
        Pair pair = bench().accepted();
        assertThatThrownBy(() -> readLine(pair, 8, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> readLine(pair, 0, "\n"))
                .isInstanceOf(IllegalArgumentException.class);
        pair.roundTrips();
    }

    private String readLine(Pair pair, int room, String delimiter) throws InterruptedException {
        ByteBuffer target = ByteBuffer.allocate(room);
        Recorder<Integer> read = bench().recorder();
        byte[] end = delimiter.getBytes(StandardCharsets.ISO_8859_1);
        pair.socket().readUntil(target, end, null, read);
        assertThat(read.value()).isEqualTo(target.position());
        return Bytes.text(target);
    }
}
