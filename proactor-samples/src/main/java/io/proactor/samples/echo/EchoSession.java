package io.proactor.samples.echo;

import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the echo server: receives, writes back what came, and receives again.
 *
 * <p>A session has no buffer. The processor leases it one when bytes are there, so 10,000
 * connections that say nothing cost no buffer at all. There are only so many buffers, so a peer
 * that does not read what it is sent must give its own back: it is closed after a while.
 */
final class EchoSession implements CompletionHandler<@Nullable Lease, @Nullable Void> {

    private final StreamSocket socket;
    private final long idleNanos;
    private final long writeNanos;
    private final Answer answer = new Answer();

    EchoSession(StreamSocket socket, EchoLimits limits) {
        this.socket = socket;
        idleNanos = limits.idle().toNanos();
        writeNanos = limits.write().toNanos();
    }

    void start() {
        socket.receive(Integer.MAX_VALUE, idleNanos, TimeUnit.NANOSECONDS, null, this);
    }

    @Override
    public void completed(@Nullable Lease lease, @Nullable Void none) {
        if (lease == null) {
            socket.close();  // The peer has said all, and has been answered.
            return;
        }
        boolean accepted = false;
        try {
            socket.write(lease.buffer(), writeNanos, TimeUnit.NANOSECONDS, lease, answer);
            accepted = true;
        } finally {
            if (!accepted) {
                lease.close();  // The proactor is being shut down.
            }
        }
    }

    @Override
    public void failed(Throwable cause, @Nullable Void none) {
        socket.close();
    }

    /** What is written back, and then given back. */
    private final class Answer implements CompletionHandler<Integer, Lease> {
        @Override
        public void completed(Integer bytes, Lease lease) {
            lease.close();
            start();
        }

        @Override
        public void failed(Throwable cause, Lease lease) {
            lease.close();
            socket.close();
        }
    }
}
