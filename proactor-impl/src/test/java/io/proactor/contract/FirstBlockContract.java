package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.SocketClosedException;
import io.proactor.operation.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T08: accepts that complete when the first bytes of a connection are there. */
interface FirstBlockContract extends Contract {

    @Test
    @DisplayName("T08 no completion before the client sends; then one, with what it sent")
    default void acceptCompletesWithTheFirstBlock() throws Exception {
        Acceptor acceptor = listen(64);
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept("attached", accept);
        Peer peer = bench().connectTo(acceptor);
        assertThat(accept.calledWithin(300)).isFalse();
        assertThat(acceptor.connections()).isEqualTo(1);
        peer.send("hello");
        Accepted accepted = accept.value();
        assertThat(text(accepted)).isEqualTo("hello");
        assertThat(accept.attachment()).isEqualTo("attached");
        assertThat(accepted.remoteAddress()).isEqualTo(peer.localAddress());
        assertThat(accepted.localAddress()).isEqualTo(peer.remoteAddress());
        Pair pair = new Pair(bench(), accepted.socket(), peer);
        Recorder<Integer> next = pair.read(ByteBuffer.allocate(8));
        assertThat(next.calledWithin(50)).as("the block is not seen again").isFalse();
        peer.send("x");
        assertThat(next.value()).isEqualTo(1);
        assertThat(accept.calls()).isEqualTo(1);
    }

    @Test
    @DisplayName("T08 of 200 bytes the block has 1 to 64; block and later reads make up all")
    default void blockAndLaterReadsMakeUpTheStream() throws Exception {
        Acceptor acceptor = listen(64);
        for (int i = 0; i < 20; i++) {
            String sent = Bytes.text(ByteBuffer.wrap(Bytes.random(200, i)).position(200));
            Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
            acceptor.accept(null, accept);
            Peer peer = bench().connectTo(acceptor);
            peer.send(sent);
            String block = text(accept.value());
            assertThat(block.length()).isBetween(1, 64);
            Pair pair = new Pair(bench(), accept.value().socket(), peer);
            assertThat(block + pair.readText(200 - block.length())).isEqualTo(sent);
        }
    }

    @Test
    @DisplayName("T08 without a receive length the block is empty")
    default void withoutReceiveLengthTheBlockIsEmpty() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, accept);
        bench().connectTo(acceptor).send("at once");
        assertThat(accept.value().firstBlock().hasRemaining()).isFalse();
        assertThat(new Pair(bench(), accept.value().socket(), null).readText(7))
                .isEqualTo("at once");
    }

    @Test
    @DisplayName("T08 a client that only ends its side is a connection with an empty block")
    default void clientThatEndsItsSideIsDelivered() throws Exception {
        Acceptor acceptor = listen(64);
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, accept);
        Peer peer = bench().connectTo(acceptor);
        peer.finish();
        Accepted accepted = accept.value();
        assertThat(accepted.firstBlock().hasRemaining()).isFalse();
        Pair pair = new Pair(bench(), accepted.socket(), peer);
        assertThat(pair.read(ByteBuffer.allocate(1)).value()).isEqualTo(-1);
        assertThat(pair.write(Bytes.of("bye")).value()).isEqualTo(3);
        assertThat(peer.receive(3)).isEqualTo("bye");
    }

    @Test
    @DisplayName("T08 a client that resets before its first byte gives its place to the next one")
    default void clientThatResetsBeforeAByteIsReplaced() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1)
                .withFirstBlock(64, Duration.ZERO));
        Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
        acceptor.accept(null, accept);
        for (int i = 0; i < 3; i++) {
            Peer gone = bench().connectTo(acceptor);
            Until.until("it has the one place", () -> acceptor.connections() == 1);
            gone.reset();
            Until.until("its place is free", () -> acceptor.connections() == 0);
        }
        Peer peer = bench().connectTo(acceptor);
        peer.send("me");
        assertThat(text(accept.value())).isEqualTo("me");
        assertThat(accept.value().remoteAddress()).isEqualTo(peer.localAddress());
        assertThat(acceptor.silentClosed()).isZero();
    }

    @Test
    @DisplayName("T08 a closed acceptor still delivers the connection whose block is awaited; the "
            + "end is told after it")
    default void endIsToldAfterTheLastConnection() throws Exception {
        Acceptor acceptor = listen(64);
        List<String> told = new ArrayList<>();
        Recorder<Accepted> end = bench().recorder(call -> told.add("end"));
        acceptor.acceptAll(null, new java.nio.channels.CompletionHandler<Accepted, Object>() {
            @Override
            public void completed(Accepted accepted, Object attachment) {
                bench().keep(accepted.socket());
                told.add(text(accepted));
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                end.failed(cause, attachment);
            }
        });
        Peer peer = bench().connectTo(acceptor);
        awaitFirstBlockPending();
        acceptor.close();
        assertThat(end.calledWithin(100)).isFalse();
        peer.send("last");
        end.failure(SocketClosedException.class);
        assertThat(told).containsExactly("last", "end");
    }

    @Test
    @DisplayName("T08 a closed acceptor whose last awaited client resets tells the end, once")
    default void endIsToldWhenTheLastAwaitedClientIsGone() throws Exception {
        Acceptor acceptor = listen(64);
        Recorder<Accepted> end = bench().recorder();
        acceptor.acceptAll(null, end);
        Peer peer = bench().connectTo(acceptor);
        awaitFirstBlockPending();
        acceptor.close();
        peer.reset();
        end.failure(SocketClosedException.class);
    }

    @Test
    @DisplayName("T08 a single accept ends with a closed acceptor, when its client says nothing")
    default void singleAcceptEndsWithTheAcceptor() throws Exception {
        Acceptor acceptor = bench().listen(
                ListenOptions.defaults().withFirstBlock(64, Duration.ofMillis(200)));
        Recorder<Accepted> accept = bench().recorder();
        acceptor.accept(null, accept);
        Peer silent = bench().connectTo(acceptor);
        awaitFirstBlockPending();
        acceptor.close();
        accept.failure(SocketClosedException.class);
        silent.assertGone();
        assertThat(acceptor.silentClosed()).isEqualTo(1);
    }

    /** Blocks come on many connections at once; the acceptor's handler is one all the same. */
    @Test
    @DisplayName("T08 handlers of one acceptor never overlap, though blocks come at once")
    default void handlersOfOneAcceptorNeverOverlap() throws Exception {
        Acceptor acceptor = listen(64);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger count = new AtomicInteger();
        acceptor.acceptAll(accepted -> {
            bench().keep(accepted.socket());
            int now = inside.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            LockSupport.parkNanos(1_000_000);
            inside.decrementAndGet();
            count.incrementAndGet();
        });
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            peers.add(bench().connectTo(acceptor));
        }
        Until.until("all are accepted", () -> acceptor.connections() == peers.size());
        for (Peer each : peers) {
            each.send("x");
        }
        Until.until("all are delivered", () -> count.get() == peers.size());
        assertThat(most).hasValue(1);
    }

    private Acceptor listen(int receiveLength) throws Exception {
        return bench().listen(
                ListenOptions.defaults().withFirstBlock(receiveLength, Duration.ZERO));
    }

    private static String text(Accepted accepted) {
        ByteBuffer block = accepted.firstBlock();
        return Bytes.text(block.duplicate().position(block.limit()));
    }

    /** A place may be taken, and counted, before the connection is there. */
    private void awaitFirstBlockPending() throws Exception {
        Until.until("it is accepted, and its block awaited", () -> bench().proactor().dumpPending()
                .stream().anyMatch(each -> each.kind() == Kind.WAIT_READABLE));
    }
}
