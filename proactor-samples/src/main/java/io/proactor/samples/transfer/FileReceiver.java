package io.proactor.samples.transfer;

import io.proactor.EndOfStreamException;
import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Receives a file that begins with its length, and keeps nothing of it but its digest. */
final class FileReceiver implements CompletionHandler<@Nullable Lease, @Nullable Void> {

    private final StreamSocket socket;
    private final MessageDigest digest;
    private final ByteBuffer header = ByteBuffer.allocate(Long.BYTES);
    private final CompletableFuture<byte[]> received = new CompletableFuture<>();
    private long missing;

    FileReceiver(StreamSocket socket, MessageDigest digest) {
        this.socket = socket;
        this.digest = digest;
    }

    /** Begins, and returns what completes with the digest when the last byte is there. */
    CompletableFuture<byte[]> start() {
        socket.readExactly(header, null, new CompletionHandler<Integer, @Nullable Void>() {
            @Override
            public void completed(Integer count, @Nullable Void none) {
                missing = header.getLong(0);
                receiveMore();
            }

            @Override
            public void failed(Throwable cause, @Nullable Void none) {
                received.completeExceptionally(cause);
            }
        });
        return received;
    }

    private void receiveMore() {
        socket.receive(null, this);
    }

    @Override
    public void completed(@Nullable Lease lease, @Nullable Void none) {
        if (lease == null) {
            end();
            return;
        }
        try (lease) {
            missing -= lease.buffer().remaining();
            digest.update(lease.buffer());
        }
        receiveMore();
    }

    private void end() {
        socket.close();
        if (missing == 0) {
            received.complete(digest.digest());
        } else {
            received.completeExceptionally(missing > 0 ? new EndOfStreamException(-missing)
                    : new IOException(-missing + " bytes too many came."));
        }
    }

    @Override
    public void failed(Throwable cause, @Nullable Void none) {
        received.completeExceptionally(cause);
    }
}
