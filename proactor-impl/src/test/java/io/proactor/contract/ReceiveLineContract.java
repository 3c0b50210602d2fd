package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Lease;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T20 and T23: receives that wait for a buffer, as all are leased or the credit is used up. */
interface ReceiveLineContract extends Contract {

    @Test
    @DisplayName("T20 while all buffers are leased receives wait in line, and go on in order")
    default void receivesWaitInLine() throws Exception {
        bench().open(options -> options.withLoops(1)
                .withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        Pair probe = bench().accepted();
        Lease lease = received(bench().accepted(), "first");
        LinkedBlockingQueue<Integer> order = new LinkedBlockingQueue<>();
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Pair pair = bench().accepted();
            int number = i;
            Recorder<Lease> waiting = bench().recorder(call -> call.ifCompleted(taken -> {
                leases.add(taken);
                order.add(number);
            }));
            pair.peer().send("waits");
            pair.socket().receive(null, waiting);
            probe.roundTrips();  // it is in the line now
            assertThat(waiting.called()).isFalse();
        }
        for (int i = 0; i < 5; i++) {
            lease.close();
            assertThat(order.poll(20, TimeUnit.SECONDS)).isEqualTo(i);
            lease = leases.get(i);
            assertThat(Leased.text(lease)).isEqualTo("waits");
        }
        lease.close();
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T20 the only buffer goes from loop to loop, wherever it was closed last")
    default void bufferThatOneLoopHasUsedIsHadByTheOthers() throws Exception {
        bench().open(options -> options.withLoops(3)
                .withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pairs.add(bench().accepted());
        }
        for (int i = 0; i < 60; i++) {
            received(pairs.get(i % pairs.size()), "in turn").close();
        }
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T23 a socket has no more leases than its credit; others are served meanwhile")
    default void socketHasNoMoreLeasesThanItsCredit() throws Exception {
        limits(8, 2);
        Pair greedy = bench().accepted();
        Lease first = received(greedy, "1");
        Lease second = received(greedy, "2");
        greedy.peer().send("3");
        Recorder<Lease> third = Leased.receive(bench(), greedy.socket());
        assertThat(third.calledWithin(100)).isFalse();
        received(bench().accepted(), "other").close();
        assertThat(third.called()).isFalse();
        second.close();
        assertThat(Leased.text(third.value())).isEqualTo("3");
        first.close();
        third.value().close();
    }

    @Test
    @DisplayName("T20 surplus waits for a buffer as well, and comes before what the socket has")
    default void surplusWaitsForABuffer() throws Exception {
        limits(1, 1);
        Pair holder = bench().accepted();
        Pair pair = bench().accepted();
        for (int i = 0; i < 5; i++) {
            Lease held = received(holder, "held");
            pair.peer().send("line|surplus");
            ByteBuffer line = ByteBuffer.allocate(64);
            Recorder<Integer> read = bench().recorder();
            pair.socket().readUntil(line, new byte[] {'|'}, null, read);
            read.value();
            Recorder<Lease> waiting = Leased.receive(bench(), pair.socket());
            assertThat(waiting.calledWithin(50)).isFalse();
            held.close();
            StringBuilder text = new StringBuilder();
            try (Lease lease = waiting.value()) {
                text.append(Leased.text(lease));
            }
            assertThat(text + pair.readText(7 - text.length())).isEqualTo("surplus");
        }
    }

    @Test
    @DisplayName("T26 a receive that times out in line loses no byte, and the order stays")
    default void timeoutInLineKeepsTheOrder() throws Exception {
        bench().open(options -> options.withLoops(1)
                .withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        Pair holder = bench().accepted();
        Pair pair = bench().accepted();
        for (int i = 0; i < 5; i++) {
            Lease held = received(holder, "held");
            pair.peer().send("line|one");
            ByteBuffer line = ByteBuffer.allocate(64);
            Recorder<Integer> read = bench().recorder();
            pair.socket().readUntil(line, new byte[] {'|'}, null, read);
            read.value();
            pair.peer().send("two");
            Recorder<Lease> late = bench().recorder();
            pair.socket().receive(64, 50, TimeUnit.MILLISECONDS, null, late);
            if (i % 2 == 0) {
                late.failure(OperationTimedOutException.class);
                held.close();
            } else {
                // On the loop dispatcher, the buffer is back and the time is over at one look.
                Recorder<Integer> closing = bench().recorder(call -> {
                    LockSupport.parkNanos(80_000_000);
                    held.close();
                });
                bench().proactor().post(0, null, closing);
                closing.await();
            }
            String text = "";
            if (late.cause() == null) {
                try (Lease lease = late.value()) {
                    text = Leased.text(lease);
                }
            }
            assertThat(text + pair.readText(6 - text.length())).isEqualTo("onetwo");
        }
    }

    @Test
    @DisplayName("T24, T29 who leaves the line, by cancel or close, leaves the buffer to the next")
    default void whoLeavesTheLineLeavesTheBufferToTheNext() throws Exception {
        limits(1, 1);
        for (int round = 0; round < 50; round++) {
            Pair holder = bench().accepted();
            Lease held = received(holder, "held");
            Pair leaves = bench().accepted();
            leaves.peer().send("leaves");
            Recorder<Lease> gone = bench().recorder();
            long id = leaves.socket().receive(null, gone);
            Pair stays = bench().accepted();
            stays.peer().send("stays");
            Recorder<Lease> next = Leased.receive(bench(), stays.socket());
            boolean closes = round % 2 == 0;
            Future<Void> leaver = bench().start(() -> {
                if (closes) {
                    leaves.socket().close();
                } else {
                    leaves.socket().cancel(id);
                }
                return null;
            });
            held.close();
            if (gone.cause() == null) {
                gone.value().close();
            } else if (closes) {
                gone.failure(SocketClosedException.class);
            } else {
                gone.failure(OperationCancelledException.class);
            }
            try (Lease lease = next.value()) {
                assertThat(Leased.text(lease)).isEqualTo("stays");
            }
            Bench.join(leaver);
            for (Pair each : List.of(holder, leaves, stays)) {
                each.socket().close();
                each.peer().close();
            }
        }
    }

    @Test
    @DisplayName("T30 a drain ends receives that wait for a buffer")
    default void drainEndsTheLine() throws Exception {
        limits(1, 1);
        Lease held = received(bench().accepted(), "held");
        Pair pair = bench().accepted();
        pair.peer().send("waits");
        Recorder<Lease> waiting = Leased.receive(bench(), pair.socket());
        assertThat(waiting.calledWithin(50)).isFalse();
        long startNanos = System.nanoTime();
        bench().proactor().shutdown(Duration.ofSeconds(15));
        waiting.failure(ProactorShutdownException.class);
        assertThat(waiting.millisSince(startNanos)).isLessThan(10_000);
        held.close();
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    /** Many more receivers than buffers, each of which wants its share: none may be forgotten. */
    @Test
    @DisplayName("T20 with 3 buffers for 24 busy connections each gets all its bytes: none starves")
    default void noneStarves() throws Exception {
        bench().open(options -> options.withReceiveLimits(new ReceiveLimits(64, 3, 2)));
        var acceptor = bench().listen(ListenOptions.defaults());
        AtomicInteger finished = new AtomicInteger();
        List<Future<Void>> senders = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Pair pair = bench().accepted(acceptor);
            new Counting(pair, 20_000, finished).receive();
            senders.add(bench().start(() -> {
                byte[] piece = new byte[1_000];
                for (int sent = 0; sent < 20; sent++) {
                    pair.peer().send(piece);
                }
                return null;
            }));
        }
        for (Future<Void> each : senders) {
            Bench.join(each);
        }
        Until.until("each has all its bytes", () -> finished.get() == 24);
        Until.until("no lease is open", () -> bench().proactor().leasesOpen() == 0);
    }

    /** Receives until it has so many bytes; keeps one lease while it waits for the next. */
    final class Counting implements CompletionHandler<Lease, Object> {
        private final Pair pair;
        private final AtomicInteger finished;
        private int missing;

        Counting(Pair pair, int bytes, AtomicInteger finished) {
            this.pair = pair;
            this.finished = finished;
            missing = bytes;
        }

        void receive() {
            pair.socket().receive(null, this);
        }

        @Override
        public void completed(Lease lease, Object attachment) {
            missing -= lease.buffer().remaining();
            if (missing > 0) {
                receive();
                lease.close();
            } else {
                lease.close();
                finished.incrementAndGet();
            }
        }

        @Override
        public void failed(Throwable cause, Object attachment) {
            throw new AssertionError(cause);
        }
    }

    private void limits(int buffers, int perSocket) throws Exception {
        bench().open(options -> options.withReceiveLimits(
                new ReceiveLimits(64, buffers, perSocket)));
    }

    private Lease received(Pair pair, String text) throws Exception {
        pair.peer().send(text);
        Lease lease = Leased.receive(bench(), pair.socket()).value();
        assertThat(Leased.text(lease)).isEqualTo(text);
        return lease;
    }
}
