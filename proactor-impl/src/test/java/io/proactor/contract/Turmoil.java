package io.proactor.contract;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Initiates operations of every kind, one upon the other, until the proactor refuses them. */
final class Turmoil implements Callable<List<Recorder<?>>> {

    private static final int OPERATIONS_MAX = 2_000;

    private final Bench bench;
    private final Proactor proactor;
    private final Acceptor acceptor;
    private final SplittableRandom random;
    private final ByteBuffer large = ByteBuffer.allocateDirect(1 << 20);
    private final List<Recorder<?>> initiated = new ArrayList<>();
    private final List<StreamSocket> sockets = new ArrayList<>();

    Turmoil(Bench bench, Proactor proactor, Acceptor acceptor, long seed) {
        this.bench = bench;
        this.proactor = proactor;
        this.acceptor = acceptor;
        random = new SplittableRandom(seed);
    }

    /** Waits until so many operations were accepted. */
    static void awaitOperations(Proactor proactor, int count) throws Exception {
        Until.until("operations are under way", () -> proactor.statistics().issued() >= count);
    }

    @Override
    public List<Recorder<?>> call() throws Exception {
        try {
            while (initiated.size() < OPERATIONS_MAX) {
                if (sockets.size() < 8) {
                    connect();
                }
                initiate(sockets.get(random.nextInt(sockets.size())));
            }
        } catch (RejectedExecutionException ended) {
            return initiated;  // the last one was refused, and is not on the list
        }
        return initiated;
    }

    /** A connection of which both ends are the library's. Without one, the proactor has ended. */
    private void connect() throws Exception {
        Recorder<Accepted> accept = bench.recorder(Keep.accepted(bench));
        acceptor.accept(null, accept);
        initiated.add(accept);
        StreamSocket socket = bench.keep(proactor.newSocket());
        Recorder<StreamSocket> connect = bench.recorder();
        socket.connect(acceptor.localAddress(), null, connect);
        initiated.add(connect);
        if (connect.cause() != null) {
            throw new RejectedExecutionException(connect.cause());
        }
        sockets.add(socket);
    }

    private void initiate(StreamSocket socket) {
        Recorder<Void> tick = bench.recorder();
        Recorder<Integer> transfer = bench.recorder();
        Recorder<String> post = bench.recorder();
        switch (random.nextInt(4)) {
            case 0 -> {
                Timer timer = bench.keep(proactor.newTimer());
                timer.schedule(random.nextInt(3), TimeUnit.MILLISECONDS, null, tick);
                initiated.add(tick);
            }
            case 1 -> {
                socket.write(large.duplicate().limit(1 + random.nextInt(large.capacity())), null,
                        transfer);
                initiated.add(transfer);
            }
            case 2 -> {
                proactor.post("post", null, post);
                initiated.add(post);
            }
            default -> read(socket, transfer);
        }
    }

    /** One read may be pending at a time: where there is one already, its socket is closed. */
    private void read(StreamSocket socket, Recorder<Integer> transfer) {
        try {
            socket.read(ByteBuffer.allocate(64), random.nextInt(2), TimeUnit.MILLISECONDS, null,
                    transfer);
            initiated.add(transfer);
        } catch (IllegalStateException pending) {
            sockets.remove(socket);
            socket.close();
        }
    }
}
