package io.proactor.benchmarks.server;

import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** One connection that receives into a leased buffer and writes from it: it has none when idle. */
final class ReceivingSession implements CompletionHandler<@Nullable Lease, @Nullable Void> {

    private final StreamSocket socket;
    private final Written written = new Written();

    private ReceivingSession(StreamSocket socket) {
        this.socket = socket;
    }

    static void begin(StreamSocket socket) {
        socket.receive(null, new ReceivingSession(socket));
    }

    @Override
    public void completed(@Nullable Lease lease, @Nullable Void none) {
        if (lease == null) {
            socket.close();
        } else {
            SlowRequest.serve(lease.buffer().remaining());
            socket.write(lease, lease, written);
        }
    }

    @Override
    public void failed(Throwable cause, @Nullable Void none) {
        socket.close();
    }

    private final class Written implements CompletionHandler<Integer, Lease> {
        @Override
        public void completed(Integer bytes, Lease lease) {
            lease.close();
            socket.receive(null, ReceivingSession.this);
        }

        @Override
        public void failed(Throwable cause, Lease lease) {
            lease.close();
            socket.close();
        }
    }
}
