package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Lease;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import io.proactor.spi.ReceiveLimits;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Up to four connections, a timer and posts, with which the drawn moves do whatever is no misuse:
 * from outside and from inside of handlers, and while the proactors end. Each operation keeps what
 * it may come to; each connection, what went in and what came out.
 */
final class Lives implements Program {

    private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 9);
    private static final int MOVES_MAX = 120;
    private static final int CONNECTIONS_MAX = 4;

    private final List<Life> lives = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();
    private final List<StreamSocket> left = new ArrayList<>();  // can be connected once more
    private final Map<Integer, Conversation> conversations = new HashMap<>();  // by port
    private final List<Lease> leases = new ArrayList<>();

    private Simulation simulation;
    private Proactor server;
    private Proactor clients;
    private Acceptor acceptor;
    private Timer timer;
    private Life wait;  // the latest of the timer
    private int movesLeft;
    private int connecting;
    private boolean inHandler;  // true exactly while one runs
    private boolean ending;     // true exactly from when the program comes to its end

    @Override
    public void run(Simulation simulation) throws Exception {
        this.simulation = simulation;
        ProactorOptions options = ProactorOptions.defaults().withReceiveLimits(
                new ReceiveLimits(64, 1 + simulation.draw(3), 1 + simulation.draw(2)));
        movesLeft = 1 + simulation.draw(MOVES_MAX);
        server = Proactor.open(options);
        clients = Proactor.open(options);
        acceptor = server.listen(SERVER, ListenOptions.defaults()
                .withAcceptsPosted(1 + simulation.draw(3)).withConnectionsMax(CONNECTIONS_MAX));
        acceptor.acceptAll(accepted -> {
            StreamSocket socket = accepted.socket();
            ends.add(new End(this, socket, conversation(accepted.remoteAddress()), false));
        });
        timer = clients.newTimer();
        int forTheEnd = simulation.draw(10);
        while (movesLeft > forTheEnd) {
            move();
        }
        end();
        for (Life each : lives) {
            each.check();
        }
        for (Conversation each : conversations.values()) {
            each.check();
        }
    }

    private void end() throws InterruptedException {
        ending = true;
        closeLeases();
        boolean abrupt = simulation.draw(3) == 0;
        if (!abrupt) {
            simulation.rest();
            List.copyOf(ends).forEach(End::close);
            acceptor.close();
            simulation.rest();
        }
        server.shutdownNow();
        clients.shutdownNow();
        server.awaitTermination();
        clients.awaitTermination();
        if (!abrupt) {
            assertThat(acceptor.connections()).isZero();
        }
    }

    private void closeLeases() {
        leases.forEach(Lease::close);
        leases.clear();
    }

    // ---- What is done -------------------------------------------------------------------------

    /** Something, if a draw says so: for handlers, where initiations act at once. */
    void perhapsMove() {
        if (simulation.draw(3) == 0 && movesLeft > 0) {
            move();
        }
    }

    private void move() {
        movesLeft--;
        try {
            switch (simulation.draw(12)) {
                case 0 -> connect();
                case 1, 2, 3, 4, 5 -> {
                    if (!ends.isEmpty()) {
                        ends.get(simulation.draw(ends.size())).move();
                    }
                }
                case 6, 7 -> cancel();
                case 8 -> useTimer();
                case 9 -> post();
                case 10 -> closeLease();
                default -> pass();
            }
        } catch (RejectedExecutionException e) {
            assertThat(ending).as("an initiation was refused without a reason").isTrue();
        }
    }

    /** Lets some things happen; a handler cannot. */
    private void pass() {
        if (!inHandler) {
            int[] steps = {simulation.draw(40)};
            simulation.await(() -> steps[0]-- <= 0);
        }
    }

    private void connect() {
        if (connecting + ends.size() >= 2 * CONNECTIONS_MAX) {
            return;
        }
        StreamSocket socket = left.isEmpty() || simulation.draw(2) == 0
                ? clients.newSocket() : left.remove(0);
        long timeout = drawTimeout();
        connecting++;
        Life life = new Life(this, socket, timeout, none -> {
            connecting--;
            ends.add(new End(this, socket, conversation(socket.localAddress()), true));
        }, failure -> {
            connecting--;
            left.add(socket);  // it may be connected again after a failure, which it may not say
        });
        begin(life, () -> socket.connect(SERVER, timeout, TimeUnit.NANOSECONDS, null, life));
    }

    private void cancel() {
        if (lives.isEmpty()) {
            return;
        }
        Life life = lives.get(simulation.draw(lives.size()));
        if (life.socket != null && simulation.draw(8) == 0) {
            lives.stream().filter(each -> each.socket == life.socket)
                    .forEach(Life::mayBeCancelled);
            life.socket.cancelAll();
        } else {
            life.cancel();
        }
    }

    private void useTimer() {
        if (wait == null || wait.over()) {
            long delay = drawTimeout();
            long due = now() + delay;
            wait = new Life(this, null, 0, none ->
                    assertThat(now()).as("the timer's time").isGreaterThanOrEqualTo(due), null);
            begin(wait, () -> timer.schedule(delay, TimeUnit.NANOSECONDS, null, wait));
        } else if (simulation.draw(2) == 0) {
            wait.mayBeCancelled();
            timer.cancel();
        }
    }

    private void post() {
        Life life = new Life(this, null, 0, none -> { }, null);
        begin(life, () -> {
            (simulation.draw(2) == 0 ? server : clients).post(null, null, life);
            return 0;
        });
    }

    private void closeLease() {
        if (!leases.isEmpty()) {
            leases.remove(simulation.draw(leases.size())).close();
        }
    }

    // ---- For lives and ends -------------------------------------------------------------------

    /** Initiates an operation, whose handler must not be called before that has returned. */
    void begin(Life life, LongSupplier initiation) {
        lives.add(life);
        try {
            life.begun(initiation.getAsLong());
        } catch (RejectedExecutionException e) {
            life.refused();
            throw e;
        }
    }

    Simulation simulation() {
        return simulation;
    }

    long now() {
        return simulation.elapsed().toNanos();
    }

    long drawTimeout() {
        return simulation.draw(3) == 0 ? 1 + simulation.draw(3_000_000) : 0;
    }

    void inHandler(Runnable body) {
        inHandler = true;
        try {
            body.run();
        } finally {
            inHandler = false;
        }
    }

    /** Some leases are closed late; at the end, all are. */
    void received(Lease lease) {
        if (ending || simulation.draw(2) == 0) {
            lease.close();
        } else {
            leases.add(lease);
        }
    }

    void over(End end) {
        ends.remove(end);
    }

    void left(StreamSocket socket) {
        left.add(socket);
    }

    private Conversation conversation(SocketAddress client) {
        return conversations.computeIfAbsent(((InetSocketAddress) client).getPort(),
                port -> new Conversation());
    }
}
