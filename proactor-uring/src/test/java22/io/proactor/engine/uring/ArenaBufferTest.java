package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers of arenas that somebody can close: what goes wrong costs the operation and no more. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ArenaBufferTest {

    private Proactor proactor;
    private Socket peer;
    private StreamSocket socket;

    @BeforeEach
    void connect() throws Exception {
        proactor = Proactor.open(ProactorOptions.defaults().withProcessor("uring").withLoops(1));
        Acceptor acceptor = proactor.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ListenOptions.defaults());
        CompletableFuture<StreamSocket> accepted = new CompletableFuture<>();
        acceptor.acceptAll(each -> accepted.complete(each.socket()));
        InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
        peer = new Socket(address.getAddress(), address.getPort());
        socket = accepted.get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void disconnect() throws Exception {
        peer.close();
        proactor.close();
    }

    @Test
    void bufferOfSharedArenaTravelsByCopy() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            ByteBuffer target = arena.allocate(5).asByteBuffer();
            peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(read(target).get(10, TimeUnit.SECONDS)).isEqualTo(5);
            assertThat(write(target.flip()).get(10, TimeUnit.SECONDS)).isEqualTo(5);
            assertThat(new String(peer.getInputStream().readNBytes(5),
                    StandardCharsets.US_ASCII)).isEqualTo("hello");
        }
    }

    @Test
    void arenaThatClosesUnderAReadFailsTheReadOnly() throws Exception {
        Arena arena = Arena.ofShared();
        CompletableFuture<Integer> read = read(arena.allocate(5).asByteBuffer());
        assertThat(write(ByteBuffer.wrap(new byte[1])).get(10, TimeUnit.SECONDS)).isEqualTo(1);
        arena.close();
        peer.getOutputStream().write(1);
        assertThat(failure(read)).isNotNull();
        assertThat(write(ByteBuffer.wrap(new byte[2])).get(10, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(peer.getInputStream().readNBytes(3)).hasSize(3);
    }

    @Test
    void bufferOfAnotherThreadsArenaIsRefusedAndNoByteLost() throws Exception {
        peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer confined = arena.allocate(5).asByteBuffer();
            assertThat(failure(read(confined))).hasRootCauseInstanceOf(
                    IllegalStateException.class);
            assertThat(failure(write(confined))).hasRootCauseInstanceOf(
                    IllegalStateException.class);
        }
        ByteBuffer target = ByteBuffer.allocate(5);
        assertThat(read(target).get(10, TimeUnit.SECONDS)).isEqualTo(5);
        assertThat(new String(target.array(), StandardCharsets.US_ASCII)).isEqualTo("hello");
    }

    private static Throwable failure(CompletableFuture<Integer> operation) throws Exception {
        try {
            throw new AssertionError("completed with " + operation.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private CompletableFuture<Integer> read(ByteBuffer target) {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        socket.read(target, null, completing(future));
        return future;
    }

    private CompletableFuture<Integer> write(ByteBuffer source) {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        socket.write(source, null, completing(future));
        return future;
    }

    private static CompletionHandler<Integer, @Nullable Void> completing(
            CompletableFuture<Integer> future) {
        return new CompletionHandler<>() {
            @Override
            public void completed(Integer count, @Nullable Void none) {
                future.complete(count);
            }

            @Override
            public void failed(Throwable cause, @Nullable Void none) {
                future.completeExceptionally(cause);
            }
        };
    }
}
