package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.CompletionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T15: a channel that was opened in advance is what the next connect uses. */
final class OpenAheadTest {

    private static Proactor open(String processor) throws Exception {
        return Proactor.open(ProactorOptions.defaults().withProcessor(processor).withLoops(1));
    }

    private static StreamSocket connect(StreamSocket socket, ServerSocket server)
            throws Exception {
        CompletableFuture<StreamSocket> connected = new CompletableFuture<>();
        socket.connect(server.getLocalSocketAddress(), null,
                new CompletionHandler<StreamSocket, Object>() {
                    @Override
                    public void completed(StreamSocket same, Object attachment) {
                        connected.complete(same);
                    }

                    @Override
                    public void failed(Throwable cause, Object attachment) {
                        connected.completeExceptionally(cause);
                    }
                });
        return connected.get(20, TimeUnit.SECONDS);
    }

    /** Returns how many sockets this process has; 0 where the system does not list them. */
    private static long sockets() throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        try (Stream<Path> entries = Files.list(own)) {
            return entries.filter(OpenAheadTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString().startsWith("socket:");
        } catch (IOException e) {
            return false;  // closed since the directory was listed
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void socketsThatWereOpenedAheadConnectAndClose(String processor) throws Exception {
        Proactor proactor = open(processor);
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            StreamSocket socket = proactor.newSocket();
            StreamHandle handle = socket.handle();
            long before = sockets();
            handle.openAhead();
            handle.openAhead();
            assertThat(sockets() - before).as("opened, if it can be seen").isBetween(0L, 1L);
            assertThat(handle.remoteAddress()).isNull();
            long ahead = sockets();
            assertThat(connect(socket, server)).isSameAs(socket);
            assertThat(sockets()).as("no other was opened").isEqualTo(ahead);
            try (Socket peer = server.accept()) {
                socket.close();
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
            long closed = sockets();
            StreamSocket unused = proactor.newSocket();
            unused.handle().openAhead();
            unused.close();
            unused.handle().openAhead();
            for (int i = 0; i < 5_000 && sockets() > closed; i++) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(sockets()).as("what was opened in vain is closed").isEqualTo(closed);
        }
        proactor.shutdownNow();
        assertThat(proactor.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }
}
