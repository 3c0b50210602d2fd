package io.proactor.samples.transfer;

import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.io.EOFException;
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
                if (count < 0) {
                    fail(new EOFException("The stream ended before the length of the file."));
                } else if (missing < 0) {
                    fail(new IOException("A file of " + missing + " bytes is announced."));
                } else {
                    receiveMore();
                }
            }

            @Override
            public void failed(Throwable cause, @Nullable Void none) {
                fail(cause);
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
        int count = lease.buffer().remaining();
        try (lease) {
            digest.update(lease.buffer());
        }
        missing -= count;
        if (missing < 0) {
            fail(new IOException("More bytes came than had been announced."));
        } else {
            receiveMore();
        }
    }

    private void end() {
        if (missing > 0) {
            fail(new EOFException("The stream ended, and " + missing + " bytes are missing."));
        } else {
            socket.close();
            received.complete(digest.digest());
        }
    }

    @Override
    public void failed(Throwable cause, @Nullable Void none) {
        fail(cause);
    }

    private void fail(Throwable cause) {
        socket.close();
        received.completeExceptionally(cause);
    }
}
