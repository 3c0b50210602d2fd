package io.proactor.samples.load;

import io.proactor.StreamSocket;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connects many connections, some at a time. All at once would overrun the server's backlog, and
 * what the system drops there is tried again after a second at the earliest.
 */
final class ConnectRamp implements CompletionHandler<StreamSocket, LoadConnection> {

    /** The backlog that is usual where nobody has set another (listen(2), SOMAXCONN). */
    private static final int AT_A_TIME = 128;

    private static final int TIMEOUT_SECONDS = 10;

    private final List<LoadConnection> connections;
    private final SocketAddress remote;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch left;

    ConnectRamp(List<LoadConnection> connections, SocketAddress remote) {
        this.connections = connections;
        this.remote = remote;
        left = new CountDownLatch(connections.size());
    }

    void begin() {
        for (int i = 0; i < AT_A_TIME; i++) {
            connectNext();
        }
    }

    /** Waits until every connection has been made or has failed. */
    boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return left.await(timeout, unit);
    }

    @Override
    public void completed(StreamSocket socket, LoadConnection connection) {
        left.countDown();
        connectNext();
    }

    @Override
    public void failed(Throwable cause, LoadConnection connection) {
        connection.connectFailed(cause);
        left.countDown();
        connectNext();
    }

    private void connectNext() {
        int index = next.getAndIncrement();
        if (index < connections.size()) {
            connections.get(index).connect(remote, TIMEOUT_SECONDS, this);
        }
    }
}
