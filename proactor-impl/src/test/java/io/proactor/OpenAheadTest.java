package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.contract.Descriptors;
import io.proactor.contract.Until;
import io.proactor.spi.StreamHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void socketsThatWereOpenedAheadConnectAndClose(String processor) throws Exception {
        Proactor proactor = open(processor);
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            StreamSocket socket = proactor.newSocket();
            StreamHandle handle = socket.handle();
            Set<String> before = Descriptors.list();
            handle.openAhead();
            handle.openAhead();
            Set<String> ahead = Descriptors.openedSince(before);
            assertThat(ahead).as("opened, if it can be seen").hasSizeLessThanOrEqualTo(1);
            assertThat(handle.remoteAddress()).isNull();
            assertThat(connect(socket, server)).isSameAs(socket);
            assertThat(Descriptors.openedSince(before)).as("no other was opened")
                    .isEqualTo(ahead);
            try (Socket peer = server.accept()) {
                socket.close();
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
            StreamSocket unused = proactor.newSocket();
            unused.handle().openAhead();
            unused.close();
            unused.handle().openAhead();
            Until.until("what was opened is closed, in vain or not",
                    () -> Descriptors.openedSince(before).isEmpty());
        }
        proactor.shutdownNow();
        assertThat(proactor.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }
}
