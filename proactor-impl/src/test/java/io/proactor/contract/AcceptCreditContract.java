package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.SocketPool;
import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T14: no more connections than there are places, and each place is used again. */
interface AcceptCreditContract extends Contract {

    @Test
    @DisplayName("T14 of 15 clients 10 are accepted; the next one when one is closed")
    default void limitOfConnectionsIsKept() throws Exception {
        Acceptor acceptor = bench().listen(limited(4));
        BlockingQueue<StreamSocket> accepted = acceptAll(acceptor);
        for (int i = 0; i < 15; i++) {
            bench().connectTo(acceptor);
        }
        List<StreamSocket> open = take(accepted, 10);
        assertThat(accepted.poll(300, TimeUnit.MILLISECONDS)).as("an eleventh one").isNull();
        assertThat(acceptor.connections()).isEqualTo(10);
        assertThat(acceptor.acceptsOutstanding()).isZero();
        assertThat(acceptor.pool().free()).isZero();
        for (int i = 0; i < 5; i++) {
            open.get(i).close();
            assertThat(Until.within(500, () -> !accepted.isEmpty())).as("the next one").isTrue();
            accepted.remove();
            assertThat(accepted.poll(20, TimeUnit.MILLISECONDS)).as("one too many").isNull();
            assertThat(acceptor.connections()).isEqualTo(10);
        }
    }

    @Test
    @DisplayName("T14 with k connections, min(posted, 10 - k) accepts are outstanding")
    default void acceptsOutstandingAreTheFreePlaces() throws Exception {
        Acceptor acceptor = bench().listen(limited(8));
        BlockingQueue<StreamSocket> accepted = acceptAll(acceptor);
        for (int open = 0; open < 10; open++) {
            assertThat(acceptor.acceptsOutstanding()).isEqualTo(Math.min(8, 10 - open));
            bench().connectTo(acceptor);
            take(accepted, 1);
        }
        assertThat(acceptor.acceptsOutstanding()).isZero();
    }

    /** A place that is reserved while the processor looks for a client is an accept that waits. */
    @Test
    @DisplayName("T14 accepts outstanding never fall short of the free places, while clients come")
    default void outstandingAcceptsNeverFallShortOfTheFreePlaces() throws Exception {
        Acceptor acceptor = bench().listen(limited(8));
        BlockingQueue<StreamSocket> accepted = acceptAll(acceptor);
        for (int i = 0; i < 2; i++) {
            bench().connectTo(acceptor);
        }
        take(accepted, 2);
        for (int open = 2; open < 10; open++) {
            bench().connectTo(acceptor);
            int least = 8;
            for (int readings = 0; readings < 2_000; ) {
                least = Math.min(least, acceptor.acceptsOutstanding());
                readings += acceptor.connections() > open ? 1 : 0;
            }
            assertThat(least).as("with %s connections", open + 1).isEqualTo(10 - open - 1);
            take(accepted, 1);
        }
    }

    /** Five connections stay, so each single reading of the gauge has the same limit. */
    @Test
    @DisplayName("T14 accepts outstanding never exceed the free places, while clients come and go")
    default void outstandingAcceptsNeverExceedTheFreePlaces() throws Exception {
        Acceptor acceptor = bench().listen(limited(8));
        BlockingQueue<StreamSocket> accepted = acceptAll(acceptor);
        for (int i = 0; i < 5; i++) {
            bench().connectTo(acceptor);
        }
        take(accepted, 5);
        AtomicInteger left = new AtomicInteger(1_000);
        List<Future<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(bench().start(() -> comeAndGo(acceptor, accepted, left)));
        }
        int most = 0;
        while (left.get() > 0) {
            most = Math.max(most, acceptor.acceptsOutstanding());
            assertThat(acceptor.connections()).isLessThanOrEqualTo(10);
            assertThat(acceptor.pool().inUse()).isLessThanOrEqualTo(10);
        }
        for (Future<Void> each : clients) {
            Bench.join(each);
        }
        Until.until("five accepts are outstanding", () -> acceptor.acceptsOutstanding() == 5);
        assertThat(most).isLessThanOrEqualTo(5);
        assertThat(acceptor.pool().reused()).isGreaterThanOrEqualTo(1_000 - 10);
    }

    /** Connects, and has some connection closed by this thread, so that closes overlap. */
    private static Void comeAndGo(Acceptor acceptor, BlockingQueue<StreamSocket> accepted,
            AtomicInteger left) throws Exception {
        while (left.getAndDecrement() > 0) {
            Peer peer = Peer.to(acceptor.localAddress());
            take(accepted, 1).get(0).close();
            peer.reset();
        }
        return null;
    }

    @Test
    @DisplayName("T14 single accepts wait for a place as well, and lose no client")
    default void singleAcceptsWaitForAPlace() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1));
        Pair first = bench().accepted(acceptor);
        Recorder<Accepted> second = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, second);
        Peer waiting = bench().connectTo(acceptor);
        assertThat(second.calledWithin(200)).isFalse();
        first.socket().close();
        assertThat(second.value().remoteAddress()).isEqualTo(waiting.localAddress());
        assertThat(acceptor.connections()).isEqualTo(1);
    }

    /** A handler of the connection that is closed still has to be called: its slot is not free. */
    @Test
    @DisplayName("T14 a slot is free only when the last handler of its connection was called")
    default void slotIsHeldUntilTheLastHandler() throws Exception {
        Require.threadsOfItsOwn(bench());
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1));
        Pair pair = bench().accepted(acceptor);
        CountDownLatch leave = bench().gate();
        Recorder<Integer> first = bench().recorder(call -> Bench.pass(leave));
        pair.socket().write(Bytes.of("x"), null, first);
        first.awaitEntry();
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(1));
        pair.socket().close();
        assertThat(pending.calledWithin(100)).as("handlers of one socket do not overlap").isFalse();
        assertThat(acceptor.pool().inUse()).isEqualTo(1);
        leave.countDown();
        pending.await();
        Until.until("the slot is free", () -> acceptor.pool().inUse() == 0);
    }

    @Test
    @DisplayName("T14 a pool that two acceptors share gives its place to whoever's client comes "
            + "next")
    default void sharedPoolLimitsBothAcceptors() throws Exception {
        SocketPool pool = bench().proactor().newSocketPool(3);
        ListenOptions options = ListenOptions.defaults().withPool(pool);
        Acceptor left = bench().listen(options);
        Acceptor right = bench().listen(options);
        BlockingQueue<StreamSocket> accepted = acceptAll(left);
        right.acceptAll(each -> accepted.add(bench().keep(each.socket())));
        bench().connectTo(left);
        bench().connectTo(right);
        bench().connectTo(left);
        List<StreamSocket> open = take(accepted, 3);
        assertThat(pool.free()).isZero();
        Peer waiting = bench().connectTo(right);
        assertThat(accepted.poll(200, TimeUnit.MILLISECONDS)).isNull();
        open.get(0).close();
        StreamSocket next = take(accepted, 1).get(0);
        assertThat(next.remoteAddress()).isEqualTo(waiting.localAddress());
        assertThat(pool.inUse()).isEqualTo(3);
        assertThat(pool.maximum()).isEqualTo(3);
        assertThat(pool.reused()).isEqualTo(1);
    }

    @Test
    @DisplayName("T14 clients beyond the limit wait in the backlog, and what they sent is not lost")
    default void waitingClientsLoseNothing() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1));
        AtomicBoolean overlapped = new AtomicBoolean();
        AtomicInteger open = new AtomicInteger();
        acceptor.acceptAll(accepted -> {
            overlapped.compareAndSet(false, open.incrementAndGet() > 1);
            StreamSocket socket = bench().keep(accepted.socket());
            ByteBuffer target = ByteBuffer.allocate(5);
            Recorder<Integer> written = bench().recorder(call -> {
                open.decrementAndGet();
                socket.close();
            });
            Recorder<Integer> read = bench().recorder(
                    call -> socket.write(target.flip(), null, written));
            socket.readExactly(target, null, read);
        });
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Peer peer = bench().connectTo(acceptor);
            peer.send("hell" + i);
            peers.add(peer);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(peers.get(i).receive(5)).isEqualTo("hell" + i);
        }
        assertThat(overlapped).isFalse();
    }

    private BlockingQueue<StreamSocket> acceptAll(Acceptor acceptor) {
        BlockingQueue<StreamSocket> accepted = new LinkedBlockingQueue<>();
        acceptor.acceptAll(each -> accepted.add(bench().keep(each.socket())));
        return accepted;
    }

    private static List<StreamSocket> take(BlockingQueue<StreamSocket> accepted, int count)
            throws InterruptedException {
        List<StreamSocket> taken = new ArrayList<>();
        while (taken.size() < count) {
            StreamSocket next = accepted.poll(Until.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("connection %s of %s", taken.size() + 1, count).isNotNull();
            taken.add(next);
        }
        return taken;
    }

    private static ListenOptions limited(int posted) {
        return ListenOptions.defaults().withAcceptsPosted(posted).withConnectionsMax(10);
    }
}
