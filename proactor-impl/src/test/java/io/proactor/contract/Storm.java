package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * One thread's share of T01: operations of all kinds on one connection after another, which are
 * cancelled, time out, are closed away and reset at random.
 */
final class Storm implements Callable<List<Recorder<?>>> {

    private final Bench bench;
    private final Proactor proactor;
    private final SplittableRandom random;
    private final int operations;
    private final List<Recorder<?>> initiated = new ArrayList<>();
    private final List<Long> ids = new ArrayList<>();

    private final Acceptor acceptor;
    private final ServerSocket server;
    private final SocketAddress closedPort = Bench.closedPort();

    // Of the round that is going on.
    private StreamSocket socket;
    private Peer peer;
    private Timer timer;

    Storm(Bench bench, long seed, int operations) throws IOException {
        this.bench = bench;
        proactor = bench.proactor();
        random = new SplittableRandom(seed);
        this.operations = operations;
        acceptor = bench.listen(ListenOptions.defaults());
        server = bench.server(256);
    }

    /** Returns the handlers of all operations that were initiated; some are still pending. */
    @Override
    public List<Recorder<?>> call() throws Exception {
        while (initiated.size() < operations) {
            round();
        }
        acceptor.close();
        return initiated;
    }

    private void round() throws Exception {
        ids.clear();
        timer = proactor.newTimer();
        connect();
        int steps = 10 + random.nextInt(40);
        for (int i = 0; i < steps; i++) {
            try {
                step();
            } catch (IllegalStateException e) {
                // A read or wait is pending, or the write queue is full: not an operation at all.
            } catch (IOException e) {
                break;  // the peer has met the end of the connection
            }
        }
        if (random.nextBoolean()) {
            peer.reset();
        }
        socket.close();
        peer.close();
        if (random.nextBoolean()) {
            timer.close();
        } else {
            timer.cancel();
            bench.keep(timer);
        }
    }

    /** The connection is awaited, so that all the rest happens on one that is open. */
    private void connect() throws Exception {
        if (random.nextBoolean()) {
            Recorder<StreamSocket> connect = add(bench.recorder());
            proactor.connect(server.getLocalSocketAddress(), null, connect);
            peer = new Peer(server.accept());
            socket = connect.value();
        } else {
            socket = null;
            peer = Peer.to(acceptor.localAddress());
            while (socket == null) {
                accept();
            }
        }
    }

    /**
     * Takes the peer, or a client that an earlier round left in the backlog; that one is closed.
     */
    private void accept() throws Exception {
        Recorder<Accepted> accept = add(bench.recorder());
        acceptor.accept(100, TimeUnit.MILLISECONDS, null, accept);
        if (accept.cause() != null) {
            // An accept that an earlier round left pending may have taken the peer.
            peer.close();
            peer = Peer.to(acceptor.localAddress());
            return;
        }
        StreamSocket accepted = accept.value().socket();
        if (peer.localAddress().equals(accepted.remoteAddress())) {
            socket = accepted;
        } else {
            accepted.close();
        }
    }

    private void step() throws IOException {
        switch (random.nextInt(12)) {
            case 0, 1 -> read();
            case 2, 3 -> write();
            case 4 -> initiate(bench.<Void>recorder(), tick ->
                    timer.schedule(random.nextInt(3), TimeUnit.MILLISECONDS, null, tick));
            case 5 -> initiate(bench.<StreamSocket>recorder(
                    call -> call.ifCompleted(StreamSocket::close)), this::connectAnywhere);
            case 6 -> initiate(bench.<Accepted>recorder(
                    call -> call.ifCompleted(accepted -> accepted.socket().close())),
                    accept -> acceptor.accept(1, TimeUnit.MILLISECONDS, null, accept));
            case 7, 8 -> cancelAny();
            case 9 -> peer.send(new byte[random.nextInt(2_000)]);
            case 10 -> initiate(bench.<String>recorder(), post -> {
                proactor.post("posted", null, post);
                return 0;
            });
            default -> Thread.yield();
        }
    }

    private void read() {
        ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(3_000));
        long timeout = random.nextInt(3);
        initiate(bench.<Integer>recorder(), random.nextBoolean()
                ? read -> socket.read(target, timeout, TimeUnit.MILLISECONDS, null, read)
                : read -> socket.readExactly(target, timeout, TimeUnit.MILLISECONDS, null, read));
    }

    private void write() {
        ByteBuffer source = ByteBuffer.allocate(random.nextInt(200_000));
        long timeout = random.nextInt(3);
        initiate(bench.<Integer>recorder(),
                write -> socket.write(source, timeout, TimeUnit.MILLISECONDS, null, write));
    }

    private long connectAnywhere(Recorder<StreamSocket> connect) {
        SocketAddress remote = random.nextBoolean() ? closedPort : acceptor.localAddress();
        return proactor.connector()
                .connect(remote, random.nextInt(2), TimeUnit.MILLISECONDS, null, connect);
    }

    private void cancelAny() {
        if (!ids.isEmpty()) {
            proactor.cancel(ids.get(random.nextInt(ids.size())));
        }
    }

    /** Initiates an operation, and returns its id. */
    @FunctionalInterface
    private interface Initiation<V> {
        long with(Recorder<V> handler);
    }

    private <V> void initiate(Recorder<V> handler, Initiation<V> initiation) {
        ids.add(initiation.with(handler));
        add(handler);
    }

    private <V> Recorder<V> add(Recorder<V> handler) {
        assertThat(initiated.size()).isLessThan(100_000);
        initiated.add(handler);
        return handler;
    }
}
