package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends that are easily forgotten: of acceptors, repetitions, shared pools, drains and openings. */
@Timeout(60)
final class EndsTest {

    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    /** Keeps what happens to an operation, in order. */
    private static final class Events<V> implements CompletionHandler<V, Void> {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void completed(V value, Void nothing) {
            all.add(value == null ? "completed" : value);
        }

        @Override
        public void failed(Throwable cause, Void nothing) {
            all.add(cause);
        }

        Object next() throws InterruptedException {
            Object event = all.poll(20, TimeUnit.SECONDS);
            assertThat(event).as("an event").isNotNull();
            return event;
        }
    }

    private static Proactor open(String processor) throws IOException {
        return Proactor.open(ProactorOptions.defaults().withProcessor(processor));
    }

    private static Socket client(Acceptor acceptor) throws IOException {
        InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void acceptAllTellsItsEndAtTheLimitOfConnections(String processor) throws Exception {
        try (Proactor proactor = open(processor)) {
            Acceptor acceptor = proactor.listen(ANY,
                    ListenOptions.defaults().withConnectionsMax(1));
            Events<Accepted> events = new Events<>();
            acceptor.acceptAll(null, events);
            try (Socket only = client(acceptor)) {
                assertThat(events.next()).isInstanceOf(Accepted.class);
                acceptor.close();
                assertThat(events.next()).isInstanceOf(SocketClosedException.class);
                assertThat(only.isConnected()).isTrue();
            }
            assertThat(events.all).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void acceptAllTellsItsEndIfTheAcceptorIsClosedAlready(String processor) throws Exception {
        try (Proactor proactor = open(processor)) {
            Acceptor acceptor = proactor.listen(ANY);
            acceptor.close();
            Events<Accepted> events = new Events<>();
            acceptor.acceptAll(null, events);
            assertThat(events.next()).isInstanceOf(SocketClosedException.class);
            assertThat(events.all).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void acceptAllTellsAShutdown(String processor) throws Exception {
        Events<Accepted> events = new Events<>();
        try (Proactor proactor = open(processor)) {
            Acceptor acceptor = proactor.listen(ANY);
            acceptor.acceptAll(null, events);
        }
        assertThat(events.next()).isInstanceOf(ProactorShutdownException.class);
        assertThat(events.all).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void acceptorsOfOnePoolHearOfEachFreeSlot(String processor) throws Exception {
        try (Proactor proactor = open(processor)) {
            SocketPool pool = proactor.newSocketPool(2);
            ListenOptions options = ListenOptions.defaults().withPool(pool);
            Acceptor first = proactor.listen(ANY, options);
            Acceptor second = proactor.listen(ANY, options);
            BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
            first.acceptAll(accepted::add);
            second.acceptAll(accepted::add);
            for (int round = 0; round < 50; round++) {
                try (Socket one = client(first); Socket two = client(second)) {
                    for (int i = 0; i < 2; i++) {
                        Accepted next = accepted.poll(20, TimeUnit.SECONDS);
                        assertThat(next).as("round %d, connection %d", round, i).isNotNull();
                        next.socket().close();
                    }
                    assertThat(one.getInputStream().read()).isEqualTo(-1);
                    assertThat(two.getInputStream().read()).isEqualTo(-1);
                }
            }
            assertThat(pool.reused()).isGreaterThanOrEqualTo(98);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void aRepetitionEndsWhenItIsCancelledFromItsOwnHandler(String processor) throws Exception {
        try (Proactor proactor = open(processor)) {
            Timer timer = proactor.newTimer();
            AtomicInteger ticks = new AtomicInteger();
            BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
            timer.scheduleRepeatedly(1, 1, TimeUnit.MILLISECONDS, null,
                    new CompletionHandler<Void, Void>() {
                        @Override
                        public void completed(Void result, Void attachment) {
                            if (ticks.incrementAndGet() == 3) {
                                spin(5);  // longer than a period: the next tick is queued already
                                ends.add(timer.cancel());
                                ends.add(timer.cancel());
                            }
                        }

                        @Override
                        public void failed(Throwable cause, Void attachment) {
                            ends.add(cause);
                        }
                    });
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(true);
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(false);
            assertThat(ends.poll(20, TimeUnit.SECONDS))
                    .isInstanceOf(OperationCancelledException.class);
            // The timer is free again, and only for this.
            Events<Void> once = new Events<>();
            timer.schedule(20, TimeUnit.MILLISECONDS, null, once);
            assertThat(once.next()).isEqualTo("completed");
            assertThat(ticks).hasValue(3);
            assertThat(ends).isEmpty();
            timer.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void aRepetitionCannotBeHijacked(String processor) throws Exception {
        try (Proactor proactor = open(processor)) {
            Timer timer = proactor.newTimer();
            Events<Void> ticks = new Events<>();
            timer.scheduleRepeatedly(0, 1, TimeUnit.MILLISECONDS, null, ticks);
            for (int i = 0; i < 2_000; i++) {
                assertThatThrownBy(() -> timer.schedule(0, TimeUnit.SECONDS, null, new Events<>()))
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThat(timer.cancel()).isTrue();
            Object last = ticks.next();
            while (last.equals("completed")) {
                last = ticks.next();
            }
            assertThat(last).isInstanceOf(OperationCancelledException.class);
            timer.close();
        }
    }

    /** Not on nio2: there, the chunk in flight counts as written, so a drain waits for it. */
    @ParameterizedTest
    @ValueSource(strings = "queue")
    void aDrainDoesNotWaitForAWriteThatHasTimedOut(String processor) throws Exception {
        Proactor proactor = open(processor);
        Acceptor acceptor = proactor.listen(ANY);
        Events<Accepted> accepts = new Events<>();
        acceptor.accept(null, accepts);
        try (Socket stuck = client(acceptor)) {
            StreamSocket socket = ((Accepted) accepts.next()).socket();
            Events<Integer> read = new Events<>();
            Events<Integer> write = new Events<>();
            socket.read(ByteBuffer.allocate(10), null, read);
            socket.write(ByteBuffer.allocate(32 << 20), 50, TimeUnit.MILLISECONDS, null, write);
            ShutdownReport report =
                    proactor.shutdown(Duration.ofSeconds(30)).toCompletableFuture().get();
            assertThat(write.next()).isInstanceOf(OperationTimedOutException.class);
            assertThat(read.next()).isInstanceOf(ProactorShutdownException.class);
            assertThat(report.aborted()).isZero();
            assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(20));
            assertThat(stuck.isClosed()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void twoConnectsOfOneSocketDoNotBothSucceed(String processor) throws Exception {
        try (Proactor proactor = open(processor)) {
            Acceptor acceptor = proactor.listen(ANY);
            acceptor.acceptAll(accepted -> accepted.socket().close());
            for (int round = 0; round < 100; round++) {
                StreamSocket socket = proactor.newSocket();
                Events<StreamSocket> connects = new Events<>();
                AtomicInteger refused = new AtomicInteger();
                Runnable connect = () -> {
                    try {
                        socket.connect(acceptor.localAddress(), null, connects);
                    } catch (IllegalStateException e) {
                        refused.incrementAndGet();
                    }
                };
                Thread other = new Thread(connect);
                other.start();
                connect.run();
                other.join();
                assertThat(refused).hasValue(1);
                assertThat(connects.next()).isSameAs(socket);
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void anOpeningThatFailsLeavesNothingBehind(String processor) {
        for (int threads = 0; threads < 3; threads++) {
            int allowed = threads;
            AtomicInteger made = new AtomicInteger();
            List<Thread> started = new ArrayList<>();
            ProactorOptions options = ProactorOptions.defaults().withProcessor(processor)
                    .withLoops(2).withThreads(body -> {
                        if (made.getAndIncrement() == allowed) {
                            throw new IllegalStateException("no more threads");
                        }
                        Thread thread = new Thread(body);
                        thread.setDaemon(true);
                        started.add(thread);
                        return thread;
                    });
            assertThatThrownBy(() -> Proactor.open(options))
                    .hasMessageContaining("no more threads");
            for (Thread each : started) {
                try {
                    each.join(10_000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                assertThat(each.isAlive()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "nio2"})
    void aShutdownThatFoundNoThreadCanBeAskedForAgain(String processor) throws Exception {
        boolean[] refuse = {false};
        Proactor proactor = Proactor.open(ProactorOptions.defaults().withProcessor(processor)
                .withThreads(body -> {
                    if (refuse[0]) {
                        throw new IllegalStateException("no more threads");
                    }
                    Thread thread = new Thread(body);
                    thread.setDaemon(true);
                    return thread;
                }));
        refuse[0] = true;
        assertThatThrownBy(proactor::shutdownNow).hasMessageContaining("no more threads");
        refuse[0] = false;
        proactor.shutdownNow();
        assertThat(proactor.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    private static void spin(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }
}
