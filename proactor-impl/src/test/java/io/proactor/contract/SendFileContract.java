package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.FileRegion;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ResetByPeerException;
import io.proactor.SocketClosedException;
import io.proactor.TransferFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T18: a part of a file, between two buffers, as one write. */
interface SendFileContract extends Contract {

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 header, the rest of the file, trailer: exact, and the count is their sum")
    default void headerRestAndTrailerAreSent(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(3 << 20, 18);
        FileRegion file = region(kind, bytes);
        Pair pair = bench().accepted();
        ByteBuffer header = Bytes.of("0123456789");
        ByteBuffer trailer = Bytes.of("trailer");
        Recorder<Long> send = send(pair,
                file.part(100, 0).between(header, trailer));
        assertThat(pair.peer().receive(10)).isEqualTo("0123456789");
        assertThat(pair.peer().receiveBytes(bytes.length - 100))
                .isEqualTo(Arrays.copyOfRange(bytes, 100, bytes.length));
        assertThat(pair.peer().receive(7)).isEqualTo("trailer");
        assertThat(send.value()).isEqualTo(10L + bytes.length - 100 + 7);
        assertThat(header.hasRemaining()).isFalse();
        assertThat(trailer.hasRemaining()).isFalse();
        pair.roundTrips();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 parts, empty parts and empty files are sent as what they are")
    default void partsOfAnySizeAreSent(FileKind kind) throws Exception {
        FileRegion whole = region(kind, "0123456789".getBytes());
        FileRegion empty = region(kind, new byte[0]);
        Pair pair = bench().accepted();
        assertThat(send(pair, whole).value()).isEqualTo(10);
        assertThat(send(pair, whole.part(2, 3)).value()).isEqualTo(3);
        assertThat(send(pair, whole.part(9, 1)).value()).isEqualTo(1);
        assertThat(send(pair, whole.part(10, 0)).value()).isZero();
        assertThat(send(pair, empty).value()).isZero();
        assertThat(send(pair, empty.between(Bytes.of("<"), Bytes.of(">")))
                .value()).isEqualTo(2);
        assertThat(send(pair, whole.part(0, 1).between(Bytes.of(""), Bytes.of("!"))).value())
                .isEqualTo(2);
        assertThat(pair.peer().receive(18)).isEqualTo("01234567892349<>0!");
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 a handler that is interrupted sends a file, which stays open")
    default void interruptedHandlerSendsTheFile(FileKind kind) throws Exception {
        FileRegion file = region(kind, Bytes.random(100_000, 18));
        Pair pair = bench().accepted();
        Recorder<Long> send = bench().recorder();
        Recorder<Integer> write = bench().recorder(call -> {
            Thread.currentThread().interrupt();
            pair.socket().sendFile(file, 0, TimeUnit.SECONDS, null, send);
        });
        pair.socket().write(Bytes.of("x"), null, write);
        assertThat(pair.peer().receiveBytes(100_001)).hasSize(100_001);
        assertThat(send.value()).isEqualTo(100_000);
        assertThat(send(pair, file).value()).isEqualTo(100_000);
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 positions and sizes have 64 bits")
    default void positionsHaveSixtyFourBits(FileKind kind) throws Exception {
        Path path = path();
        long far = 5L << 30;
        try (FileChannel write = FileChannel.open(path, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            write.write(Bytes.of("end of a large file"), far);
        }
        FileRegion file = region(kind, path);
        Pair pair = bench().accepted();
        Recorder<Long> send = send(pair, file.part(far - 100_000, 0));
        assertThat(pair.peer().receiveBytes(100_000)).containsOnly(0);
        assertThat(pair.peer().receive(19)).isEqualTo("end of a large file");
        assertThat(send.value()).isEqualTo(100_019);
        Recorder<Long> all = bench().recorder();
        long id = pair.socket().sendFile(file, 0, TimeUnit.SECONDS, null, all);
        pair.peer().receiveBytes(1 << 20);
        assertThat(pair.socket().cancel(id)).isTrue();
        assertThat(all.failure(OperationCancelledException.class).bytesMoved())
                .isBetween(1L << 20, far);
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 a region that ends behind the end of the file fails, and nothing is sent")
    default void regionBehindTheEndFailsWithoutSending(FileKind kind) throws Exception {
        FileRegion file = region(kind, "0123456789".getBytes());
        Pair pair = bench().accepted();
        FileRegion region = file.between(Bytes.of("header"), Bytes.of("trailer"));
        send(pair, region.part(11, 0)).failure(EOFException.class);
        send(pair, region.part(8, 3)).failure(EOFException.class);
        assertThat(region.header().remaining()).isEqualTo(6);
        pair.write(Bytes.of("next")).value();
        assertThat(pair.peer().receive(4)).isEqualTo("next");
        assertThat(pair.socket().writesQueued()).isZero();
    }

    @Test
    @DisplayName("T18 a file that is closed fails, and one that is not readable is misuse; nothing "
            + "is sent")
    default void unusableFilesFailWithoutSending() throws Exception {
        FileChannel closed = file("0123456789".getBytes());
        closed.close();
        Pair pair = bench().accepted();
        assertThat(send(pair, FileRegion.of(closed).between(Bytes.of("h"), Bytes.of("t"))).cause())
                .isInstanceOf(IOException.class);
        FileChannel unreadable = open(path(), StandardOpenOption.WRITE);
        unreadable.write(Bytes.of("0123456789"));
        Recorder<Long> never = bench().recorder();
        assertThatThrownBy(() -> pair.socket().sendFile(
                FileRegion.of(unreadable).between(Bytes.of("h"), Bytes.of("t")), 0,
                TimeUnit.SECONDS, null, never)).isInstanceOf(NonReadableChannelException.class);
        pair.write(Bytes.of("next")).value();
        assertThat(pair.peer().receive(4)).isEqualTo("next");
        assertThat(never.called()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 a file that is closed or becomes shorter meanwhile fails the write, with the "
            + "bytes that are out; the socket lives on")
    default void fileThatChangesFailsTheWrite(FileKind kind) throws Exception {
        // To close a file that the proactor has opened ends no send; see OpenedFileContract.
        for (boolean shrinks : kind == FileKind.OPENED ? new boolean[] {true}
                : new boolean[] {true, false}) {
            Path path = path();
            try (FileChannel write = FileChannel.open(path, StandardOpenOption.WRITE)) {
                write.write(Bytes.of("x"), (64 << 20) - 1);
            }
            FileChannel file = open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileRegion region =
                    kind == FileKind.CHANNEL ? FileRegion.of(file) : region(kind, path);
            Pair pair = bench().accepted();
            Recorder<Long> send =
                    send(pair, region.between(Bytes.of("head"), Bytes.of("tail")));
            Recorder<Integer> behind = pair.write(Bytes.of("end"));
            pair.peer().receiveBytes(4 + 100_000);
            if (shrinks) {
                file.truncate(0);
            } else {
                file.close();
            }
            byte[] more = new byte[1 << 16];
            long received = 4 + 100_000;
            while (!send.called()) {
                pair.peer().patience(100);
                try {
                    received += pair.peer().receiveSome(more);
                } catch (java.net.SocketTimeoutException e) {
                    // All that was out is here.
                }
            }
            TransferFailedException failure = send.failure(TransferFailedException.class);
            assertThat(behind.value()).isEqualTo(3);
            pair.socket().shutdownOutput();
            pair.peer().patience(20_000);
            received += pair.peer().receiveAll().length;
            assertThat(failure.bytesMoved()).isEqualTo(received - 3);
            assertThat(pair.socket().isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 it takes its place among the other writes, and completes in it")
    default void filesAreSentInTheOrderOfTheWrites(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(2 << 20, 22);
        FileRegion file = region(kind, bytes);
        Pair pair = bench().accepted();
        java.util.List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
        Recorder<Integer> before = bench().recorder(call -> order.add("before"));
        Recorder<Long> first = bench().recorder(call -> order.add("first"));
        Recorder<Integer> between = bench().recorder(call -> order.add("between"));
        Recorder<Long> second = bench().recorder(call -> order.add("second"));
        Recorder<Integer> last = bench().recorder(call -> order.add("last"));
        pair.socket().write(ByteBuffer.wrap(bytes), null, before);
        pair.socket().sendFile(file, 0, TimeUnit.SECONDS, null, first);
        pair.socket().write(Bytes.of("between"), null, between);
        pair.socket().sendFile(file.part(1 << 20, 5), 0, TimeUnit.SECONDS, null, second);
        pair.socket().write(new ByteBuffer[] {Bytes.of("la"), Bytes.of("st")}, null, last);
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(pair.peer().receive(7)).isEqualTo("between");
        assertThat(pair.peer().receiveBytes(5))
                .isEqualTo(Arrays.copyOfRange(bytes, 1 << 20, (1 << 20) + 5));
        assertThat(pair.peer().receive(4)).isEqualTo("last");
        last.value();
        assertThat(order).containsExactly("before", "first", "between", "second", "last");
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 only header and trailer count as queued")
    default void onlyHeaderAndTrailerCountAsQueued(FileKind kind) throws Exception {
        bench().open(options -> options.withWriteQueue(1_000, 10));
        Path path = path();
        try (FileChannel write = FileChannel.open(path, StandardOpenOption.WRITE)) {
            write.write(Bytes.of("x"), (16 << 20) - 1);
        }
        Pair pair = bench().accepted();
        Recorder<Long> send = send(pair,
                region(kind, path).between(Bytes.of("1234"), Bytes.of("567")));
        assertThat(pair.socket().bytesQueued()).isEqualTo(7);
        assertThat(pair.socket().isWritable()).isTrue();
        pair.peer().receiveBytes((16 << 20) + 7);
        assertThat(send.value()).isEqualTo((16 << 20) + 7);
        Until.until("nothing is queued", () -> pair.socket().bytesQueued() == 0);
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T24, T26 a cancel or a timeout ends it with the exact count; the stream stays "
            + "exact")
    default void cancelAndTimeoutTellTheExactCount(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(24 << 20, 24);
        FileRegion file = region(kind, bytes);
        Pair pair = bench().accepted();
        Recorder<Long> cancelled = bench().recorder();
        long id = pair.socket().sendFile(file, 0, TimeUnit.SECONDS, null, cancelled);
        assertThat(cancelled.calledWithin(50)).isFalse();
        assertThat(pair.socket().cancel(id)).isTrue();
        int moved = (int) cancelled.failure(OperationCancelledException.class).bytesMoved();
        assertThat(moved).isBetween(1, bytes.length - 1);
        assertThat(pair.peer().receiveBytes(moved)).isEqualTo(Arrays.copyOf(bytes, moved));
        Recorder<Long> late = bench().recorder();
        pair.socket().sendFile(file.between(Bytes.of("head"), Bytes.of("")), 200,
                TimeUnit.MILLISECONDS, null, late);
        int until = (int) late.failure(OperationTimedOutException.class).bytesMoved();
        assertThat(until).isBetween(4, bytes.length);
        assertThat(pair.peer().receive(4)).isEqualTo("head");
        assertThat(pair.peer().receiveBytes(until - 4)).isEqualTo(Arrays.copyOf(bytes, until - 4));
        pair.roundTrips();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 a peer that reads slowly gets every byte")
    default void slowReaderGetsEveryByte(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(5 << 20, 5);
        FileRegion file = region(kind, bytes);
        Pair pair = bench().accepted();
        Recorder<Long> send = send(pair, file.part(12_345, 4 << 20));
        byte[] received = new byte[4 << 20];
        for (int at = 0; at < received.length; at += 1 << 16) {
            System.arraycopy(pair.peer().receiveBytes(1 << 16), 0, received, at, 1 << 16);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        assertThat(received)
                .isEqualTo(Arrays.copyOfRange(bytes, 12_345, 12_345 + (4 << 20)));
        assertThat(send.value()).isEqualTo(4 << 20);
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T21, T29 a peer that dies and a socket that is closed end it, with the count")
    default void deathOfThePeerAndCloseEndIt(FileKind kind) throws Exception {
        FileRegion file = region(kind, Bytes.random(24 << 20, 29));
        Pair dies = bench().accepted();
        Recorder<Long> reset = send(dies, file);
        dies.peer().receiveBytes(1 << 20);
        dies.peer().reset();
        assertThat(reset.failure(ResetByPeerException.class).bytesMoved())
                .isBetween(1L << 20, (24L << 20) - 1);
        Pair closed = bench().accepted();
        Recorder<Long> send = send(closed, file);
        closed.peer().receiveBytes(1 << 20);
        closed.socket().close();
        assertThat(send.failure(SocketClosedException.class).bytesMoved())
                .isBetween(1L << 20, (24L << 20) - 1);
        assertThat(file.file().isOpen()).isTrue();
    }

    private Recorder<Long> send(Pair pair, FileRegion region) {
        Recorder<Long> send = bench().recorder();
        pair.socket().sendFile(region, 0, TimeUnit.SECONDS, null, send);
        return send;
    }

    private FileRegion region(FileKind kind, byte[] bytes) throws IOException {
        return region(kind, Files.write(path(), bytes));
    }

    private FileRegion region(FileKind kind, Path path) throws IOException {
        return kind.region(bench(), path);
    }

    /** Returns a path of a file that is there, and gone after the test. */
    private Path path() throws IOException {
        Path path = Files.createTempFile("proactor", ".bytes");
        bench().keep(() -> Files.deleteIfExists(path));
        return path;
    }

    private FileChannel open(Path path, OpenOption... options) throws IOException {
        return bench().keep(FileChannel.open(path, options));
    }

    private FileChannel file(byte[] bytes) throws IOException {
        Path path = path();
        Files.write(path, bytes);
        return open(path);
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 an interrupted thread sends, and the file stays open for all who use it")
    default void interruptedInitiatorLeavesTheFileOpen(FileKind kind) throws Exception {
        FileRegion file = region(kind, "0123456789".getBytes());
        Pair pair = bench().accepted();
        Recorder<Long> send;
        Thread.currentThread().interrupt();
        try {
            send = send(pair, file);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(send.value()).isEqualTo(10);
        assertThat(send(pair, file).value()).isEqualTo(10);
        assertThat(pair.peer().receive(20)).isEqualTo("01234567890123456789");
    }
}
