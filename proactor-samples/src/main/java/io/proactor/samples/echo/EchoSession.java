package io.proactor.samples.echo;

import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the echo server: receives, writes back what came, and receives again.
 *
 * <p>A session has no buffer. The processor leases it one when bytes are there, so 10,000
 * connections that say nothing cost no buffer at all.
 */
final class EchoSession implements CompletionHandler<@Nullable Lease, @Nullable Void> {

    private final StreamSocket socket;
    private final Answer answer = new Answer();

    EchoSession(StreamSocket socket) {
        this.socket = socket;
    }

    void start() {
        socket.receive(null, this);
    }

    @Override
    public void completed(@Nullable Lease lease, @Nullable Void none) {
        if (lease == null) {
            socket.close();  // The peer has said all, and has been answered.
            return;
        }
        boolean accepted = false;
        try {
            socket.write(lease, lease, answer);
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
            socket.receive(null, EchoSession.this);
        }

        @Override
        public void failed(Throwable cause, Lease lease) {
            lease.close();
            socket.close();
        }
    }
}
