package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Lease;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.SocketClosedException;
import io.proactor.SocketPool;
import io.proactor.StreamSocket;
import io.proactor.Strand;
import io.proactor.WriteQueueFullException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T16 and T17: the sockets of an acceptor serve one connection after the other. */
interface RecycleContract extends Contract {

    @Test
    @DisplayName("T16 40 connections, one after the other: 4 sockets at most, and no byte of one "
            + "in another")
    default void fewSocketsServeManyConnections() throws Exception {
        Acceptor acceptor = listen(4);
        Set<StreamSocket> sockets = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int k = 0; k < 40; k++) {
            Pair pair = bench().accepted(acceptor);
            sockets.add(pair.socket());
            String own = String.format("[%02d]", k);
            // What is behind the bracket is taken from the system and given to nobody.
            pair.peer().send(own + "surplus of " + k);
            ByteBuffer line = ByteBuffer.allocate(64);
            Recorder<Integer> read = bench().recorder();
            pair.socket().readUntil(line, new byte[] {']'}, null, read);
            read.value();
            assertThat(Bytes.text(line)).isEqualTo(own);
            pair.peer().send("unread of " + k);
            pair.write(Bytes.of(own)).value();
            Recorder<StreamSocket> disconnect = disconnect(pair.socket());
            assertThat(pair.peer().receiveAll()).asString().isEqualTo(own);
            pair.peer().close();
            assertThat(disconnect.value()).isSameAs(pair.socket());
            Until.until("the place is free", () -> acceptor.connections() == 0);
        }
        assertThat(sockets).hasSizeLessThanOrEqualTo(4);
        SocketPool pool = acceptor.pool();
        assertThat(pool.reused()).isEqualTo(39);
        assertThat(pool.inUse()).isZero();
        assertThat(pool.atRest()).isEqualTo(sockets.size());
        assertThat(pool.free()).isEqualTo(4);
        assertThat(pool.returnsRefused()).isZero();
    }

    @Test
    @DisplayName("T16 four at a time, all recycled: as many sockets as there are places")
    default void burstsAreServedByTheSameSockets() throws Exception {
        Acceptor acceptor = listen(4);
        Set<StreamSocket> sockets = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int round = 0; round < 10; round++) {
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                pairs.add(bench().accepted(acceptor));
                sockets.add(pairs.get(i).socket());
            }
            for (Pair each : pairs) {
                each.roundTrips();
                each.peer().finish();
                disconnect(each.socket()).value();
            }
            Until.until("the places are free", () -> acceptor.connections() == 0);
            assertThat(acceptor.pool().atRest()).isEqualTo(4);
        }
        assertThat(sockets).hasSize(4);
    }

    @Test
    @DisplayName("T16 the strand of one connection is not the strand of the next")
    default void strandIsNotHandedOn() throws Exception {
        Acceptor acceptor = listen(1);
        Strand strand = bench().proactor().newStrand();
        Pair first = bench().accepted(acceptor);
        first.socket().bind(strand);
        first.roundTrips();
        end(acceptor, first);
        Pair second = bench().accepted(acceptor);
        assertThat(second.socket()).isSameAs(first.socket());
        if (bench().dispatch() == Dispatch.LOOP) {
            second.roundTrips();
            return;
        }
        CountDownLatch leave = bench().gate();
        Recorder<Integer> holding = bench().recorder(call -> Bench.pass(leave));
        strand.post(0, null, holding);
        holding.awaitEntry();
        second.roundTrips();  // would wait for the strand
        leave.countDown();
    }

    @Test
    @DisplayName("T16 who waited to be told that the socket is writable is not told by the next "
            + "connection")
    default void writableHandlerIsNotHandedOn() throws Exception {
        bench().open(options -> options.withWriteQueue(1_000, 1_000));
        Acceptor acceptor = listen(1);
        Pair first = bench().accepted(acceptor);
        AtomicInteger told = new AtomicInteger();
        first.socket().onWritable(null,
                (Recorder.Posted<StreamSocket>) socket -> told.incrementAndGet());
        Recorder<Integer> write = first.write(ByteBuffer.allocate(16 << 20));
        assertThat(first.socket().isWritable()).isFalse();
        assertThatThrownBy(() -> first.write(Bytes.of("x")))
                .isInstanceOf(WriteQueueFullException.class);
        Recorder<StreamSocket> disconnect = bench().recorder();
        first.socket().disconnect(100, TimeUnit.MILLISECONDS, null, disconnect);
        disconnect.failure(OperationTimedOutException.class);
        write.failure(SocketClosedException.class);
        Until.until("the place is free", () -> acceptor.connections() == 0);
        Pair second = bench().accepted(acceptor);
        assertThat(second.socket()).isSameAs(first.socket());
        assertThat(second.socket().isWritable()).isTrue();
        assertThat(second.socket().bytesQueued()).isZero();
        Recorder<Integer> full = second.write(ByteBuffer.allocate(4 << 20));
        second.peer().receiveBytes(4 << 20);
        full.value();
        second.roundTrips();
        assertThat(told).hasValue(0);
    }

    @Test
    @DisplayName("T16 a lease of one connection stays good, and costs the next one no credit")
    default void leaseOutlivesItsConnection() throws Exception {
        bench().open(options -> options.withReceiveLimits(
                new io.proactor.spi.ReceiveLimits(64, 8, 1)));
        Acceptor acceptor = listen(1);
        Pair first = bench().accepted(acceptor);
        first.peer().send("old");
        Recorder<Lease> receive = bench().recorder();
        first.socket().receive(null, receive);
        Lease old = receive.value();
        end(acceptor, first);
        Pair second = bench().accepted(acceptor);
        assertThat(second.socket()).isSameAs(first.socket());
        second.peer().send("new");
        Recorder<Lease> next = bench().recorder();
        second.socket().receive(null, next);
        try (Lease fresh = next.value()) {
            assertThat(Leased.text(fresh)).isEqualTo("new");
            assertThat(Leased.text(old)).isEqualTo("old");
        }
        old.close();
        assertThat(bench().proactor().leasesOpen()).isZero();
        second.roundTrips();
    }

    @Test
    @DisplayName("T16 the end of the output is not handed on")
    default void endOfTheOutputIsNotHandedOn() throws Exception {
        Acceptor acceptor = listen(1);
        Pair first = bench().accepted(acceptor);
        first.socket().shutdownOutput();
        first.peer().assertEndOfStream();
        end(acceptor, first);
        Pair second = bench().accepted(acceptor);
        assertThat(second.socket()).isSameAs(first.socket());
        second.roundTrips();
    }

    /** The one place is free only when the last handler has returned. */
    @Test
    @DisplayName("T16 a socket is not handed out while a handler of it runs")
    default void socketIsNotHandedOutWhileAHandlerRuns() throws Exception {
        Require.threadsOfItsOwn(bench());
        Acceptor acceptor = listen(1);
        Pair first = bench().accepted(acceptor);
        CountDownLatch leave = bench().gate();
        Recorder<StreamSocket> disconnect = bench().recorder(call -> Bench.pass(leave));
        first.socket().disconnect(0, TimeUnit.SECONDS, null, disconnect);
        first.peer().close();
        disconnect.awaitEntry();
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, accept);
        bench().connectTo(acceptor);
        assertThat(accept.calledWithin(100)).isFalse();
        assertThat(acceptor.pool().atRest()).isZero();
        leave.countDown();
        assertThat(accept.value().socket()).isSameAs(first.socket());
    }

    @Test
    @DisplayName("T17 a socket of an acceptor is never connected, before or after its return")
    default void acceptedSocketRefusesConnect() throws Exception {
        Acceptor acceptor = listen(1);
        Pair pair = bench().accepted(acceptor);
        Recorder<StreamSocket> never = bench().recorder();
        assertThatThrownBy(() -> pair.socket().connect(acceptor.localAddress(), null, never))
                .isInstanceOf(IllegalStateException.class);
        end(acceptor, pair);
        assertThatThrownBy(() -> pair.socket().connect(acceptor.localAddress(), null, never))
                .isInstanceOf(IllegalStateException.class);
        assertThat(never.calledWithin(50)).isFalse();
        bench().accepted(acceptor).roundTrips();
    }

    @Test
    @DisplayName("T17 a socket that is back in its pool refuses everything; returning it twice is "
            + "counted")
    default void returnedSocketRefusesEverything() throws Exception {
        Acceptor acceptor = listen(2);
        Pair pair = bench().accepted(acceptor);
        end(acceptor, pair);
        Recorder<Integer> never = bench().recorder();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThatThrownBy(() -> pair.socket().read(buffer, null, never))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.socket().write(buffer, null, never))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.socket().shutdownOutput())
                .isInstanceOf(IllegalStateException.class);
        for (int i = 1; i <= 3; i++) {
            assertThatThrownBy(() -> disconnect(pair.socket()))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(acceptor.pool().returnsRefused()).isEqualTo(i);
        }
        assertThat(never.calledWithin(50)).isFalse();
        assertThat(acceptor.pool().atRest()).isEqualTo(1);
        assertThat(acceptor.pool().inUse()).isZero();
        bench().accepted(acceptor).roundTrips();
    }

    @Test
    @DisplayName("T17 the id of an operation of one connection cancels nothing of the next")
    default void staleIdCancelsNothingOfTheNextConnection() throws Exception {
        Acceptor acceptor = listen(1);
        Pair first = bench().accepted(acceptor);
        Recorder<Integer> cancelled = bench().recorder();
        long id = first.socket().read(ByteBuffer.allocate(1), null, cancelled);
        assertThat(first.socket().cancel(id)).isTrue();
        cancelled.failure(OperationCancelledException.class);
        end(acceptor, first);
        Pair second = bench().accepted(acceptor);
        assertThat(second.socket()).isSameAs(first.socket());
        Recorder<Integer> read = second.read(ByteBuffer.allocate(1));
        assertThat(second.socket().cancel(id)).isFalse();
        assertThat(bench().proactor().cancel(id)).isFalse();
        second.peer().send("x");
        assertThat(read.value()).isEqualTo(1);
    }

    @Test
    @DisplayName("T16 a socket at rest that is closed is not handed out")
    default void closedSocketAtRestIsNotHandedOut() throws Exception {
        Acceptor acceptor = listen(1);
        for (int i = 0; i < 50; i++) {
            Pair pair = bench().accepted(acceptor);
            end(acceptor, pair);
            pair.socket().close();
            Pair next = bench().accepted(acceptor);
            assertThat(next.socket()).isNotSameAs(pair.socket());
            next.roundTrips();
            end(acceptor, next);
        }
    }

    /** Nobody may be hurt but the one who closes what is not his any more. */
    @Test
    @DisplayName("T16 a close that races the handing out of its socket leaks no descriptor")
    default void closeThatRacesTheNextConnectionLeaksNothing() throws Exception {
        Acceptor acceptor = listen(1);
        int descriptors = 0;
        for (int i = 0; i < 200; i++) {
            Pair pair = bench().accepted(acceptor);
            end(acceptor, pair);
            Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
            acceptor.accept(null, accept);
            var closer = bench().start(() -> {
                pair.socket().close();
                return null;
            });
            Peer next = bench().connectTo(acceptor);
            if (!accept.calledWithin(2_000)) {
                // It was cut together with the socket that it had just been put into.
                next.assertGone();
                next.close();
                next = bench().connectTo(acceptor);
            }
            accept.value().socket().close();
            Bench.join(closer);
            next.assertGone();
            next.close();
            pair.peer().close();
            Until.until("the place is free", () -> acceptor.connections() == 0);
            if (i == 0) {
                descriptors = Descriptors.count();
            }
        }
        int atFirst = descriptors;
        Until.until("no descriptor is left behind", () -> Descriptors.count() <= atFirst);
    }

    @Test
    @DisplayName("T08, T16 first blocks come on recycled sockets, too")
    default void firstBlocksComeOnRecycledSockets() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(2)
                .withFirstBlock(64, Duration.ofSeconds(20)));
        for (int k = 0; k < 20; k++) {
            Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
            acceptor.accept(null, accept);
            Peer peer = bench().connectTo(acceptor);
            peer.send("block " + k);
            Accepted accepted = accept.value();
            ByteBuffer block = accepted.firstBlock();
            assertThat(Bytes.text(block.position(block.limit()))).isEqualTo("block " + k);
            end(acceptor, new Pair(bench(), accepted.socket(), peer));
        }
        assertThat(acceptor.pool().atRest()).isEqualTo(1);
    }

    private Acceptor listen(int connectionsMax) throws Exception {
        return bench().listen(ListenOptions.defaults().withConnectionsMax(connectionsMax));
    }

    private void end(Acceptor acceptor, Pair pair) throws Exception {
        int before = acceptor.connections();
        pair.peer().finish();
        disconnect(pair.socket()).value();
        pair.peer().close();
        Until.until("the place is free", () -> acceptor.connections() == before - 1);
    }

    private Recorder<StreamSocket> disconnect(StreamSocket socket) {
        Recorder<StreamSocket> disconnect = bench().recorder();
        socket.disconnect(0, TimeUnit.MILLISECONDS, null, disconnect);
        return disconnect;
    }
}
