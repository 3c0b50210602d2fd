package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.FileRegion;
import io.proactor.OperationCancelledException;
import io.proactor.Proactor;
import io.proactor.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T18: files that the proactor has opened, and what goes on beside a file. */
interface OpenedFileContract extends Contract {

    /** What this process has open, on Linux. */
    Path DESCRIPTORS = Path.of("/proc/self/fd");

    @Test
    @DisplayName("T18 a file that is closed while it is sent goes out whole, whatever is opened "
            + "meanwhile; later sends fail, and send nothing")
    default void closedFileIsSentToItsEnd() throws Exception {
        byte[] bytes = Bytes.random(16 << 20, 31);
        Path path = path(bytes);
        ReadableFile file = bench().proactor().openFile(path);
        assertThat(namesOf(path)).hasSize(Files.isDirectory(DESCRIPTORS) ? 1 : 0);
        List<Pair> pairs = List.of(bench().accepted(), bench().accepted(), bench().connected());
        List<Recorder<Long>> sends = new ArrayList<>();
        for (Pair pair : pairs) {
            sends.add(send(pair, FileRegion.of(file)));
            pair.peer().receiveBytes(100_000);
        }
        file.close();
        file.close();
        assertThat(file.isOpen()).isFalse();
        assertThatThrownBy(file::size).isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        Path other = path(new byte[16 << 20]);
        for (int i = 0; i < 8; i++) {
            bench().keep(FileChannel.open(other));  // one of them would get a number that was free
        }
        Recorder<Long> late = send(pairs.get(0), FileRegion.of(file).between(Bytes.of("x"),
                Bytes.of("y")));
        assertThat(late.cause()).isInstanceOf(IOException.class).hasMessageContaining("closed");
        for (int i = 0; i < pairs.size(); i++) {
            assertThat(pairs.get(i).peer().receiveBytes(bytes.length - 100_000))
                    .isEqualTo(Arrays.copyOfRange(bytes, 100_000, bytes.length));
            assertThat(sends.get(i).value()).isEqualTo(bytes.length);
            pairs.get(i).roundTrips();
        }
        Until.until("the system has the file back", () -> namesOf(path).isEmpty());
    }

    @Test
    @DisplayName("T18 a file of another proactor is misuse, and nothing is sent")
    default void fileOfAnotherProactorIsMisuse() throws Exception {
        try (Proactor other = Proactor.open(bench().options());
                ReadableFile file = other.openFile(path(new byte[10]))) {
            assertThat(file.size()).isEqualTo(10);
            Pair pair = bench().accepted();
            Recorder<Long> never = bench().recorder();
            assertThatThrownBy(() -> pair.socket().sendFile(FileRegion.of(file), 0,
                    TimeUnit.SECONDS, null, never)).isInstanceOf(IllegalArgumentException.class);
            pair.write(Bytes.of("next")).value();
            assertThat(pair.peer().receive(4)).isEqualTo("next");
            assertThat(never.called()).isFalse();
        }
    }

    @Test
    @DisplayName("T18 what is not there, or not a file, cannot be opened; nor can anything once "
            + "the proactor ends")
    default void whatIsNoFileCannotBeOpened() throws Exception {
        Path file = path(new byte[10]);
        Path none = file.resolveSibling(file.getFileName() + ".none");
        Proactor proactor = bench().proactor();
        assertThatThrownBy(() -> proactor.openFile(none)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> proactor.openFile(file.toAbsolutePath().getParent()))
                .isInstanceOf(IOException.class).hasMessageContaining("regular");
        ReadableFile open = bench().keep(proactor.openFile(file));
        proactor.shutdownNow();
        assertThatThrownBy(() -> proactor.openFile(file))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(open.size()).isEqualTo(10);
    }

    @Test
    @DisplayName("T18 a file may have any name")
    default void namesMayHaveAnyCharacters() throws Exception {
        Path folder = Files.createTempDirectory("proactor %41+#?;");
        bench().keep(() -> Files.delete(folder));
        Path path = Files.writeString(folder.resolve("%20 name?&.b"), "bytes");
        bench().keep(() -> Files.delete(path));
        ReadableFile file = bench().keep(bench().proactor().openFile(path));
        Pair pair = bench().accepted();
        assertThat(send(pair, FileRegion.of(file)).value()).isEqualTo(5);
        assertThat(pair.peer().receive(5)).isEqualTo("bytes");
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 reads and receives go on while a file waits for room")
    default void readsGoOnWhileAFileIsSent(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(24 << 20, 8);
        Pair pair = bench().accepted();
        pair.roundTrips();
        Recorder<Long> send = send(pair, kind.region(bench(), path(bytes)));
        int step = 1 << 18;
        for (int at = 0; at < bytes.length; at += step) {
            Recorder<Integer> read = pair.read(ByteBuffer.allocate(4));
            assertThat(pair.peer().receiveBytes(step))
                    .isEqualTo(Arrays.copyOfRange(bytes, at, at + step));
            pair.peer().send("ping");
            assertThat(read.value()).isEqualTo(4);
            Recorder<Void> wait = bench().recorder();
            pair.socket().waitReadable(null, wait);
            pair.peer().send("pong");
            wait.value();
            assertThat(pair.read(ByteBuffer.allocate(4)).value()).isEqualTo(4);
        }
        assertThat(send.value()).isEqualTo(bytes.length);
        pair.roundTrips();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18, T24 what stands before and behind a file that is cancelled goes out whole, "
            + "in its place")
    default void cancelLeavesTheWritesAroundIt(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(16 << 20, 9);
        FileRegion file = kind.region(bench(), path(bytes));
        for (int round = 0; round < 4; round++) {
            Pair pair = bench().accepted();
            Recorder<Integer> before = pair.write(Bytes.of("before"));
            Recorder<Long> send = bench().recorder();
            long id = pair.socket().sendFile(file, 0, TimeUnit.SECONDS, null, send);
            Recorder<Integer> behind = pair.write(Bytes.of("behind"));
            Recorder<Long> next = send(pair, file.part(7, 100_000));
            Recorder<Integer> last = pair.write(Bytes.of("last"));
            assertThat(pair.peer().receive(6)).isEqualTo("before");
            pair.peer().receiveBytes(round * 333_333);
            assertThat(pair.socket().cancel(id)).isTrue();
            int moved = (int) send.failure(OperationCancelledException.class).bytesMoved();
            assertThat(moved).isBetween(round * 333_333, bytes.length - 1);
            assertThat(pair.peer().receiveBytes(moved - round * 333_333))
                    .isEqualTo(Arrays.copyOfRange(bytes, round * 333_333, moved));
            assertThat(pair.peer().receive(6)).isEqualTo("behind");
            assertThat(pair.peer().receiveBytes(100_000))
                    .isEqualTo(Arrays.copyOfRange(bytes, 7, 100_007));
            assertThat(pair.peer().receive(4)).isEqualTo("last");
            assertThat(before.value() + behind.value() + last.value()).isEqualTo(16);
            assertThat(next.value()).isEqualTo(100_000);
            pair.roundTrips();
        }
    }

    private Recorder<Long> send(Pair pair, FileRegion region) {
        Recorder<Long> send = bench().recorder();
        pair.socket().sendFile(region, 0, TimeUnit.SECONDS, null, send);
        return send;
    }

    /** Returns the descriptors of a file that this process has open; none if nobody tells. */
    private static List<Path> namesOf(Path path) throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return List.of();
        }
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path name : each) {
                // One that was closed since the directory was listed is none of it.
                if (Files.exists(name) && Files.isSameFile(name, path)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Returns a path of a file that is there, and gone after the test. */
    private Path path(byte[] bytes) throws IOException {
        Path path = Files.createTempFile("proactor", ".bytes");
        bench().keep(() -> Files.deleteIfExists(path));
        return Files.write(path, bytes);
    }
}
