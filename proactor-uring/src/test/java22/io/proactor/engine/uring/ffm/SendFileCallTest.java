package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.RingBench.Seen;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link SystemCalls#sendFile} says, and that requests of the ring do not mind that the socket
 * does not block.
 */
final class SendFileCallTest {

    // Where in the bench's memory errors go: behind what is sent and received there.
    private static final int STATE = (1 << 20) - 64;

    @TempDir
    private Path folder;

    @Test
    void itSendsWhatThereIsRoomForAndDoesNotWait() throws Exception {
        byte[] bytes = bytes(32 << 20);
        try (RingBench bench = RingBench.open().enabled()) {
            SystemCalls.CallState state = new SystemCalls.CallState(bench.memory, STATE);
            int socket = bench.connection();
            assertThat(SystemCalls.setNonBlocking(socket)).isZero();
            int file = file(bench, bytes);
            int sent = fill(state, socket, file, 5);
            assertThat(sent).isBetween(1, bytes.length - 6);
            assertThat(bench.lastPeer().getInputStream().readNBytes(sent))
                    .isEqualTo(Arrays.copyOfRange(bytes, 5, 5 + sent));
            assertThat(SystemCalls.sendFile(socket, file, bytes.length - 3, 100, state))
                    .isEqualTo(3);
            assertThat(SystemCalls.sendFile(socket, file, bytes.length, 100, state)).isZero();
            assertThat(SystemCalls.sendFile(socket, file, 8L << 30, 100, state)).isZero();
            assertThat(SystemCalls.sendFile(socket, -1, 0, 100, state)).isEqualTo(-Errno.EBADF);
            assertThat(SystemCalls.sendFile(-1, file, 0, 100, state)).isEqualTo(-Errno.EBADF);
            assertThat(SystemCalls.setNonBlocking(-1)).isEqualTo(-Errno.EBADF);
        }
    }

    @Test
    void requestsWaitBeforeItBesideItAndBehindIt() throws Exception {
        byte[] bytes = bytes(32 << 20);
        try (RingBench bench = RingBench.open().enabled()) {
            SystemCalls.CallState state = new SystemCalls.CallState(bench.memory, STATE);
            int socket = bench.connection();
            int file = file(bench, bytes);
            bench.ring.recv(socket, bench.memory.address(), 4, 0, 0, 0, 1);
            assertThat(bench.inAMoment()).isEmpty();
            assertThat(SystemCalls.setNonBlocking(socket)).isZero();
            int sent = fill(state, socket, file, 0);
            bench.say("ping");
            Seen before = bench.one();
            assertThat(before.result()).isEqualTo(4);
            bench.ring.recv(socket, bench.memory.address(), 4, 0, 0, 0, 2);
            bench.ring.send(socket, bench.memory.address(), 1 << 19, SocketFlags.MSG_WAITALL
                    | SocketFlags.MSG_NOSIGNAL, 0, 0, 3);
            sent += fill(state, socket, file, 0);
            assertThat(bench.inAMoment()).as("both wait").isEmpty();
            for (int i = 0; i < 100; i++) {
                sent += fill(state, socket, file, 0);
            }
            bench.say("pong");
            assertThat(bench.one()).isEqualTo(new Seen(2, 4, before.flags()));
            bench.lastPeer().getInputStream().readNBytes(sent);
            assertThat(bench.one().result()).isEqualTo(1 << 19);
        }
    }

    @Test
    void itReadsAtAPosition() throws Exception {
        try (RingBench bench = RingBench.open().enabled()) {
            int file = file(bench, "0123456789".getBytes(StandardCharsets.US_ASCII));
            assertThat(SystemCalls.read(file, bench.memory.address(), 4, 3)).isEqualTo(4);
            assertThat(bench.text(0, 4)).isEqualTo("3456");
            assertThat(SystemCalls.read(file, bench.memory.address(), 4, 10)).isZero();
            assertThat(SystemCalls.read(-1, bench.memory.address(), 4, 0)).isEqualTo(-Errno.EBADF);
            assertThat(SystemCalls.fileBytes(file)).isEqualTo(10);
        }
    }

    /** Sends until there is no room; returns how many bytes that were. */
    private static int fill(SystemCalls.CallState state, int socket, int file, int position) {
        int sent = 0;
        int more = 1;
        while (more > 0) {
            more = SystemCalls.sendFile(socket, file, position + sent, 1 << 18, state);
            sent += Math.max(0, more);
        }
        assertThat(more).isEqualTo(-Errno.EAGAIN);
        return sent;
    }

    private int file(RingBench bench, byte[] bytes) throws Exception {
        Path path = Files.write(folder.resolve("file"), bytes);
        return bench.descriptor(SystemCalls.openToRead(path.toString().getBytes()));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(17).nextBytes(bytes);
        return bytes;
    }
}
