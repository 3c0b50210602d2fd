package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.FileRegion;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.SendFileFlag;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * T18: files on connections that have room for a small part of what is offered at a time, or for
 * nothing.
 */
interface ShortRoomContract extends Contract {

    /** What each end keeps for the other, as far as that is for a program to say. */
    int ROOM_BYTES = 65_536;

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 a file that never has room for all that is offered arrives whole, and so "
            + "does what is around it")
    default void everyByteArrivesInItsPlace(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(6 << 20, 41);
        FileRegion file = region(kind, bytes);
        Pair pair = shortOfRoom(bench().listen(ListenOptions.defaults()));
        Recorder<Long> send =
                send(pair, file.part(7, 0).between(Bytes.of("header"), Bytes.of("trailer")));
        Recorder<Integer> behind = pair.write(Bytes.of("behind"));
        assertThat(pair.peer().receive(6)).isEqualTo("header");
        int at = 7;
        for (int step = 1; at < bytes.length; step += 977) {
            int count = Math.min(step, bytes.length - at);
            assertThat(pair.peer().receiveBytes(count))
                    .isEqualTo(Arrays.copyOfRange(bytes, at, at + count));
            at += count;
        }
        assertThat(pair.peer().receive(13)).isEqualTo("trailerbehind");
        assertThat(send.value()).isEqualTo(6 + bytes.length - 7 + 7);
        assertThat(behind.value()).isEqualTo(6);
        pair.roundTrips();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 files whose turn comes when there is no room at all wait for it")
    default void fileThatFindsNoRoomWaits(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(1 << 20, 42);
        FileRegion file = region(kind, bytes);
        Pair pair = shortOfRoom(bench().listen(ListenOptions.defaults()));
        // The last byte of each goes out when the peer has made room for it, and fills that.
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(bytes));
        List<Recorder<Long>> sends = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            sends.add(send(pair, file.part(i * 1_000, 300_000 + i)));
        }
        assertThat(pair.peer().receiveBytes(bytes.length)).isEqualTo(bytes);
        for (int i = 0; i < 16; i++) {
            assertThat(pair.peer().receiveBytes(300_000 + i))
                    .isEqualTo(Arrays.copyOfRange(bytes, i * 1_000, i * 1_000 + 300_000 + i));
            assertThat(sends.get(i).value()).isEqualTo(300_000 + i);
        }
        assertThat(write.value()).isEqualTo(bytes.length);
        pair.roundTrips();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T24, T26 a cancel and a timeout while a file waits for room tell the exact "
            + "count; in the next life of the socket, too")
    default void endsWhileItWaitsForRoomTellTheExactCount(FileKind kind) throws Exception {
        byte[] bytes = Bytes.random(6 << 20, 43);
        FileRegion file = region(kind, bytes);
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1));
        for (int life = 0; life < 2; life++) {
            Pair pair = shortOfRoom(acceptor);
            for (int read = 0; read < 4 << 20; read += 1_234_567) {
                cancelAndTimeOut(pair, file, bytes, read);
            }
            Recorder<Long> last = bench().recorder();
            pair.socket().sendFile(file.part(0, 4), 0, TimeUnit.SECONDS, null, last,
                    SendFileFlag.DISCONNECT, SendFileFlag.REUSE);
            assertArrives(pair, bytes, 0, 4);
            pair.peer().assertEndOfStream();
            pair.peer().finish();
            assertThat(last.value()).isEqualTo(4);
        }
    }

    private void cancelAndTimeOut(Pair pair, FileRegion file, byte[] bytes, int read)
            throws Exception {
        Recorder<Long> cancelled = bench().recorder();
        long id = pair.socket().sendFile(file, 0, TimeUnit.SECONDS, null, cancelled);
        assertArrives(pair, bytes, 0, read);
        assertThat(pair.socket().cancel(id)).isTrue();
        int moved = (int) cancelled.failure(OperationCancelledException.class).bytesMoved();
        assertThat(moved).isBetween(read, bytes.length - 1);
        assertArrives(pair, bytes, read, moved);

        Recorder<Long> late = bench().recorder();
        pair.socket().sendFile(file, 100, TimeUnit.MILLISECONDS, null, late);
        Recorder<Integer> behind = pair.write(Bytes.of("behind"));
        int until = (int) late.failure(OperationTimedOutException.class).bytesMoved();
        assertThat(until).isLessThan(bytes.length);
        assertArrives(pair, bytes, 0, until);
        assertThat(pair.peer().receive(6)).isEqualTo("behind");
        assertThat(behind.value()).isEqualTo(6);
    }

    private static void assertArrives(Pair pair, byte[] bytes, int from, int to)
            throws IOException {
        assertThat(pair.peer().receiveBytes(to - from))
                .isEqualTo(Arrays.copyOfRange(bytes, from, to));
    }

    /** Returns a connection whose two ends keep little. */
    private Pair shortOfRoom(Acceptor acceptor) throws Exception {
        Recorder<Accepted> accept = bench().recorder();
        acceptor.accept(null, accept);
        Peer peer = bench().keep(Peer.to(acceptor.localAddress(), ROOM_BYTES));
        StreamSocket socket = bench().keep(accept.value().socket());
        socket.setOption(StandardSocketOptions.SO_SNDBUF, ROOM_BYTES);
        return new Pair(bench(), socket, peer);
    }

    private Recorder<Long> send(Pair pair, FileRegion region) {
        Recorder<Long> send = bench().recorder();
        pair.socket().sendFile(region, 0, TimeUnit.SECONDS, null, send);
        return send;
    }

    private FileRegion region(FileKind kind, byte[] bytes) throws IOException {
        Path path = Files.createTempFile("proactor", ".bytes");
        bench().keep(() -> Files.deleteIfExists(path));
        return kind.region(bench(), Files.write(path, bytes));
    }
}
