package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.SocketClosedException;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T29: closing ends what is pending, each operation once, and gives back what was taken. */
interface CloseContract extends Contract {

    @Test
    @DisplayName("T29 close with read, writes and timer pending: each ends once, closed locally")
    default void closeEndsEveryPendingOperationOnce() throws Exception {
        Pair pair = bench().accepted();
        Timer timer = bench().keep(bench().proactor().newTimer());
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
        Recorder<Integer> started = pair.write(ByteBuffer.allocate(16 << 20));
        Recorder<Integer> waiting = pair.write(Bytes.of("never"));
        Recorder<Void> tick = bench().recorder();
        timer.schedule(1, TimeUnit.HOURS, null, tick);
        pair.socket().close();
        timer.close();
        assertThat(read.failure(SocketClosedException.class).bytesMoved()).isZero();
        assertThat(started.failure(SocketClosedException.class).bytesMoved())
                .isBetween(0L, (16L << 20) - 1);
        assertThat(waiting.failure(SocketClosedException.class).bytesMoved()).isZero();
        tick.failure(SocketClosedException.class);
        assertThat(pair.socket().isOpen()).isFalse();
        pair.peer().assertGone();
        assertThat(List.of(read.calls(), started.calls(), waiting.calls(), tick.calls()))
                .containsOnly(1);
    }

    @Test
    @DisplayName("T29 the bytes that an exact read had are counted and kept when it is closed away")
    default void closeReportsTheBytesOfAnExactRead() throws Exception {
        bench().open(options -> options.withLoops(1));
        Pair pair = bench().accepted();
        Pair probe = bench().accepted();
        ByteBuffer target = ByteBuffer.allocate(100);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readExactly(target, null, read);
        pair.peer().send("0123456789");
        probe.roundTrips();
        pair.socket().close();
        assertThat(read.failure(SocketClosedException.class).bytesMoved()).isEqualTo(10);
        assertThat(Bytes.text(target)).isEqualTo("0123456789");
    }

    @Test
    @DisplayName("T29 8 threads that close at once, 200 times: each operation ends once")
    default void closeIsIdempotentFromAnyThread() throws Exception {
        for (int round = 0; round < 200; round++) {
            Pair pair = bench().accepted();
            Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
            CountDownLatch go = new CountDownLatch(8);
            List<Future<Void>> closers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                closers.add(bench().start(() -> {
                    go.countDown();
                    Bench.pass(go);
                    pair.socket().close();
                    return null;
                }));
            }
            for (Future<Void> each : closers) {
                Bench.join(each);
            }
            read.failure(SocketClosedException.class);
            assertThat(read.calls()).isEqualTo(1);
            pair.peer().close();
        }
    }

    @Test
    @DisplayName("T29 a handler may close its own socket, and others; nothing waits for itself")
    default void handlersMayClose() throws Exception {
        Pair pair = bench().accepted();
        Pair other = bench().accepted();
        Recorder<Integer> othersRead = other.read(ByteBuffer.allocate(8));
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(8));
        Recorder<Integer> write = bench().recorder(call -> {
            pair.socket().close();
            other.socket().close();
            pair.socket().close();
        });
        pair.socket().write(Bytes.of("x"), null, write);
        assertThat(write.value()).isEqualTo(1);
        pending.failure(SocketClosedException.class);
        othersRead.failure(SocketClosedException.class);
        assertThat(pair.peer().receive(1)).isEqualTo("x");
        pair.peer().assertGone();
        other.peer().assertGone();
    }

    @Test
    @DisplayName("T29 what is initiated on a closed socket fails at its handler, and throws "
            + "nothing")
    default void operationsOnClosedSocketFailAtTheHandler() throws Exception {
        Pair pair = bench().accepted();
        pair.socket().close();
        for (int i = 0; i < 20; i++) {
            assertThat(pair.read(ByteBuffer.allocate(8)).cause())
                    .isExactlyInstanceOf(SocketClosedException.class);
            assertThat(pair.write(Bytes.of("x")).cause())
                    .isExactlyInstanceOf(SocketClosedException.class);
            Recorder<StreamSocket> connect = bench().recorder();
            if (pair.socket().remoteAddress() == null) {
                pair.socket().connect(Bench.closedPort(), null, connect);
                connect.failure(SocketClosedException.class);
            }
        }
        pair.socket().shutdownOutput();
        assertThat(pair.socket().cancelAll()).isZero();
    }

    @Test
    @DisplayName("T29 operations that race a close end once each, whoever comes first")
    default void operationsThatRaceCloseEndOnce() throws Exception {
        for (int round = 0; round < 100; round++) {
            Pair pair = bench().accepted();
            List<Recorder<Integer>> writes = new ArrayList<>();
            CountDownLatch go = new CountDownLatch(1);
            Future<Void> writer = bench().start(() -> {
                for (int i = 0; i < 50; i++) {
                    writes.add(pair.write(Bytes.of("x")));
                    if (i == 10) {
                        go.countDown();
                    }
                }
                return null;
            });
            Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
            Bench.pass(go);
            pair.socket().close();
            Bench.join(writer);
            for (Recorder<Integer> write : writes) {
                write.await();
            }
            read.failure(SocketClosedException.class);
            assertThat(writes).hasSize(50).allMatch(write -> write.calls() == 1);
            pair.peer().close();
        }
    }

    /** While the proactor lives: its end would close everything anyway. */
    @Test
    @DisplayName("T29 descriptors and slots of 200 closed sockets are given back at once")
    default void closeGivesDescriptorsAndSlotsBack() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        bench().accepted(acceptor).socket().close();
        bench().connected().socket().close();
        Until.until("the first slot is free", () -> acceptor.connections() == 0);
        int descriptors = Descriptors.count();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pairs.add(bench().accepted(acceptor));
            pairs.add(bench().connected());
        }
        assertThat(acceptor.pool().inUse()).isEqualTo(100);
        for (Pair pair : pairs) {
            pair.read(ByteBuffer.allocate(8));
            pair.socket().close();
            pair.peer().close();
        }
        Until.until("the descriptors are closed", () -> Descriptors.count() <= descriptors);
        Until.until("the slots are free", () -> acceptor.pool().inUse() == 0);
        assertThat(acceptor.connections()).isZero();
    }

    /** A client must not be left with a connection that nobody will ever serve. */
    @Test
    @DisplayName("T29 clients that were not accepted when the acceptor was closed are told so")
    default void closedAcceptorLeavesNoClientWaiting() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1));
        List<StreamSocket> accepted = new ArrayList<>();
        CountDownLatch first = new CountDownLatch(1);
        acceptor.acceptAll(each -> {
            accepted.add(bench().keep(each.socket()));
            first.countDown();
        });
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            peers.add(bench().connectTo(acceptor));
        }
        Bench.pass(first);
        acceptor.close();
        for (Peer waiting : peers.subList(1, 5)) {
            waiting.assertGone();
        }
        assertThat(accepted).hasSize(1);
        new Pair(bench(), accepted.get(0), peers.get(0)).roundTrips();
    }

    @Test
    @DisplayName("T29 what is initiated after close has returned fails, whatever is there to read")
    default void nothingIsPerformedAfterClose() throws Exception {
        for (int i = 0; i < 200; i++) {
            Pair pair = bench().accepted();
            pair.peer().send("x");
            pair.peer().finish();
            pair.socket().close();
            Recorder<Integer> read = pair.read(ByteBuffer.allocate(1));
            Recorder<Integer> write = pair.write(Bytes.of("y"));
            read.failure(SocketClosedException.class);
            write.failure(SocketClosedException.class);
        }
    }
}
