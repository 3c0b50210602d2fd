package io.proactor.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Completions;
import io.proactor.FileRegion;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import io.proactor.TransferFailedException;
import io.proactor.contract.FaultInjection;
import io.proactor.contract.Faults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is written changes while it is the processor's. The write ends, and its loop rests. */
@Timeout(60)
final class ChangedSourceTest {

    private static final int MORE_THAN_SOCKETS_TAKE = 64 << 20;

    /** No look before the call could tell: a file is the application's to close at any time. */
    @Test
    void sendWhoseFileIsClosedDuringTheCallFailsAndTheSocketLivesOn(@TempDir Path folder)
            throws Exception {
        ProactorOptions options = ProactorOptions.defaults().withProcessor("queue").withLoops(1);
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("file"), new byte[9]));
                Proactor proactor = FaultInjection.open(options, closing(file));
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Completions completions = Completions.of(proactor);
            StreamSocket socket = completions.await(
                    h -> proactor.connect(server.getLocalSocketAddress(), null, h));
            CompletableFuture<Long> send = completions.stage(
                    h -> socket.sendFile(FileRegion.of(file), 0, TimeUnit.SECONDS, null, h));
            assertThatThrownBy(() -> send.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TransferFailedException.class)
                    .hasStackTraceContaining("The file was closed while it was sent.");
            assertThat(socket.isOpen()).isTrue();
        }
    }

    private static Faults closing(FileChannel file) {
        return new Faults() {
            @Override
            public int onWrite(int wanted) throws IOException {
                file.close();
                return wanted;
            }
        };
    }

    @Test
    void writeWhoseSourceWasEmptiedFails() throws Exception {
        ProactorOptions options = ProactorOptions.defaults().withProcessor("queue").withLoops(1);
        try (Proactor proactor = Proactor.open(options);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Completions completions = Completions.of(proactor);
            StreamSocket socket = completions.await(
                    h -> proactor.connect(server.getLocalSocketAddress(), null, h));
            try (Socket peer = server.accept()) {
                ByteBuffer source = ByteBuffer.allocate(MORE_THAN_SOCKETS_TAKE);
                CompletableFuture<Integer> write =
                        completions.stage(h -> socket.write(source, null, h));
                peer.getInputStream().readNBytes(1);
                // On the only loop, which does not write at that moment.
                CompletableFuture.runAsync(() -> source.position(source.limit()),
                        proactor.newStrand()).get(20, TimeUnit.SECONDS);
                // No more than is there: nothing comes once the write has failed.
                while (!write.isDone()) {
                    peer.getInputStream().readNBytes(peer.getInputStream().available());
                }
                assertThatThrownBy(() -> write.get(0, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(TransferFailedException.class)
                        .hasStackTraceContaining("was changed while its write was pending");
                assertThat(socket.isOpen()).isTrue();
            }
        }
    }
}
