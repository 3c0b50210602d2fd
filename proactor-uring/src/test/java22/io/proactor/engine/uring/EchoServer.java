package io.proactor.engine.uring;

import io.proactor.Acceptor;
import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends back whatever comes, on as many connections as come, and counts what it has begun. Every
 * third connection receives into leases and writes those.
 */
final class EchoServer {

    private static final int BUFFER_BYTES = 2_000;

    private final Queue<Echo> echoes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Acceptor acceptor;

    /** What a connection waits for. */
    private enum Awaited { READ, WRITE }

    EchoServer(Acceptor acceptor) {
        this.acceptor = acceptor;
        acceptor.acceptAll(accepted -> {
            Echo echo = new Echo(accepted.socket(), echoes.size() % 2 == 0);
            boolean leases = connections.incrementAndGet() % 3 == 0;
            echoes.add(echo);
            if (leases) {
                echo.receive();
            } else {
                echo.read();
            }
        });
    }

    Acceptor acceptor() {
        return acceptor;
    }

    /** Returns what was ended more or less often than it was begun; 0 if all went well. */
    int unbalanced() {
        return (int) echoes.stream().filter(each -> each.pending.get() != 0).count();
    }

    void close() {
        acceptor.close();
        echoes.forEach(each -> each.socket.close());
    }

    private static final class Echo implements CompletionHandler<Integer, Awaited> {
        private final StreamSocket socket;
        private final ByteBuffer buffer;
        private final AtomicInteger pending = new AtomicInteger();

        Echo(StreamSocket socket, boolean direct) {
            this.socket = socket;
            buffer = direct ? ByteBuffer.allocateDirect(BUFFER_BYTES)
                    : ByteBuffer.allocate(BUFFER_BYTES);
        }

        void read() {
            pending.incrementAndGet();
            socket.read(buffer.clear(), Awaited.READ, this);
        }

        @Override
        public void completed(Integer bytes, Awaited awaited) {
            pending.decrementAndGet();
            if (bytes < 0) {
                socket.close();
            } else if (awaited == Awaited.READ) {
                pending.incrementAndGet();
                socket.write(buffer.flip(), Awaited.WRITE, this);
            } else {
                read();
            }
        }

        @Override
        public void failed(Throwable cause, Awaited awaited) {
            pending.decrementAndGet();
            socket.close();
        }

        void receive() {
            pending.incrementAndGet();
            socket.receive(null, new CompletionHandler<@Nullable Lease, @Nullable Object>() {
                @Override
                public void completed(@Nullable Lease lease, @Nullable Object attachment) {
                    pending.decrementAndGet();
                    if (lease == null) {
                        socket.close();
                    } else {
                        sendBack(lease);
                    }
                }

                @Override
                public void failed(Throwable cause, @Nullable Object attachment) {
                    Echo.this.failed(cause, Awaited.READ);
                }
            });
        }

        private void sendBack(Lease lease) {
            pending.incrementAndGet();
            socket.write(lease, null, new CompletionHandler<Integer, @Nullable Object>() {
                @Override
                public void completed(Integer bytes, @Nullable Object attachment) {
                    pending.decrementAndGet();
                    lease.close();
                    receive();
                }

                @Override
                public void failed(Throwable cause, @Nullable Object attachment) {
                    lease.close();
                    Echo.this.failed(cause, Awaited.WRITE);
                }
            });
        }
    }
}
