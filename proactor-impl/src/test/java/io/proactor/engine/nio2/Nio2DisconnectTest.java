package io.proactor.engine.nio2;

import static io.proactor.engine.nio2.Nio2Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.TransferFailedException;
import io.proactor.spi.Admission;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ReceiveLimits;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Handles that have one connection after the other, and what must not pass between them. */
final class Nio2DisconnectTest {

    /** Reads and writes of which the test tells the end. */
    private static final class HeldCalls extends PassingCalls {
        final Queue<CompletionHandler<Integer, @Nullable Void>> reads =
                new ConcurrentLinkedQueue<>();
        final Queue<CompletionHandler<Integer, @Nullable Void>> writes =
                new ConcurrentLinkedQueue<>();
        volatile boolean pass;

        @Override
        public void read(AsynchronousSocketChannel channel, ByteBuffer target,
                CompletionHandler<Integer, @Nullable Void> handler) {
            if (pass) {
                super.read(channel, target, handler);
            } else {
                reads.add(handler);
            }
        }

        @Override
        public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                CompletionHandler<Integer, @Nullable Void> handler) {
            if (pass) {
                super.write(channel, source, handler);
            } else {
                writes.add(handler);
            }
        }

        static <T> T take(Queue<T> queue) throws Exception {
            Nio2Bench.until("a physical call", () -> !queue.isEmpty());
            return queue.remove();
        }
    }

    @Test
    void handleIsConnectedAgainAndAgainAndKnowsNothingOfTheConnectionBefore() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            StreamHandle handle = bench.processor.openStream();
            for (int i = 0; i < 60; i++) {
                Nio2Bench.Pair pair = bench.connected(handle);
                assertThat(handle.remoteAddress()).isNotNull();
                switch (i % 6) {
                    case 0 -> {  // bytes are left over
                        pair.send("abcdef");
                        assertThat(bench.readText(handle, 1)).isEqualTo("a");
                    }
                    case 1 -> {  // a byte was seen and not taken
                        pair.send("x");
                        bench.waitReadable(handle, 0).value();
                    }
                    case 2 -> {  // the stream has ended
                        pair.peer().shutdownOutput();
                        assertThat(bench.read(handle, ByteBuffer.allocate(8), 1).value())
                                .isEqualTo(-1);
                    }
                    case 3 -> {  // the output has ended
                        handle.shutdownOutput();
                        bench.write(handle, bytes("late")).failure(SocketClosedException.class);
                    }
                    case 4 -> {  // the peer is gone
                        pair.peer().setSoLinger(true, 0);
                        pair.peer().close();
                        assertThat(bench.read(handle, ByteBuffer.allocate(8), 1).cause())
                                .isNotNull();
                    }
                    default -> {  // everything is pending
                        Recorded<Integer> read = bench.read(handle, ByteBuffer.allocate(8), 1);
                        Recorded<Integer> write = bench.write(handle,
                                ByteBuffer.allocate(16 << 20));
                        Recorded<Integer> behind = bench.write(handle, bytes("behind"));
                        disconnect(bench, handle);
                        read.failure(SocketClosedException.class);
                        assertThat(write.failure(SocketClosedException.class).bytesMoved())
                                .isLessThan(16 << 20);
                        assertThat(behind.failure(SocketClosedException.class).bytesMoved())
                                .isZero();
                    }
                }
                disconnect(bench, handle);
                assertThat(bench.buffersLent()).isZero();
                pair.peer().close();
                if (i % 7 == 0) {
                    Throwable cause = bench.read(handle, ByteBuffer.allocate(8), 1)
                            .failure(TransferFailedException.class);
                    assertThat(cause).hasCauseInstanceOf(NotYetConnectedException.class);
                    bench.write(handle, bytes("nowhere")).failure(TransferFailedException.class);
                }
                Nio2Bench.Pair next = bench.connected(handle);
                next.send("hello " + i);
                assertThat(bench.readText(handle, 6 + Integer.toString(i).length()))
                        .isEqualTo("hello " + i);
                assertThat(bench.write(handle, bytes("echo")).value()).isEqualTo(4);
                assertThat(next.receive(4)).isEqualTo("echo");
                disconnect(bench, handle);
                assertThat(next.peer().getInputStream().read()).isEqualTo(-1);
                next.peer().close();
            }
            assertThat(bench.processor.handles().size()).isEqualTo(1);
            handle.close();
            Nio2Bench.until("terminated", handle::terminated);
        }
    }

    private static void disconnect(Nio2Bench bench, StreamHandle handle) throws Exception {
        assertThat(bench.disconnect(handle).value()).isSameAs(handle);
        assertThat(handle.isOpen()).isTrue();
        assertThat(handle.remoteAddress()).isNull();
        assertThat(handle.localAddress()).isNull();
    }

    @Test
    void disconnectEndsWhenTheJdkHasNothingAnyMoreAndLateCallsReachNobody() throws Exception {
        HeldCalls calls = new HeldCalls();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Integer> read = bench.read(pair.handle(), ByteBuffer.allocate(8), 1);
            Recorded<Integer> write = bench.write(pair.handle(), bytes("0123456789"));
            CompletionHandler<Integer, @Nullable Void> lateRead = HeldCalls.take(calls.reads);
            CompletionHandler<Integer, @Nullable Void> lateWrite = HeldCalls.take(calls.writes);
            Recorded<Object> disconnect = bench.disconnect(pair.handle());
            read.failure(SocketClosedException.class);
            assertThat(disconnect.calledWithin(20)).isFalse();
            assertThat(write.calledWithin(1)).as("before its count is known").isFalse();
            lateWrite.completed(3, null);
            assertThat(write.failure(SocketClosedException.class).bytesMoved()).isEqualTo(3);
            assertThat(disconnect.calledWithin(20)).isFalse();
            lateRead.completed(5, null);  // five bytes of the old connection
            disconnect.value();
            assertThat(bench.buffersLent()).isZero();
            calls.pass = true;
            Nio2Bench.Pair next = bench.connected(pair.handle());
            calls.pass = false;
            Recorded<Integer> again = bench.read(next.handle(), ByteBuffer.allocate(8), 1);
            CompletionHandler<Integer, @Nullable Void> own = HeldCalls.take(calls.reads);
            // The JDK may call twice; the second time comes when the channel is closed.
            lateRead.completed(7, null);
            lateRead.failed(new AsynchronousCloseException(), null);
            lateWrite.completed(7, null);
            assertThat(again.calledWithin(20)).isFalse();
            own.completed(2, null);
            assertThat(again.value()).isEqualTo(2);
        }
    }

    @Test
    void closeAndAbortComeBeforeADisconnect() throws Exception {
        for (boolean abort : new boolean[] {true, false}) {
            HeldCalls calls = new HeldCalls();
            try (Nio2Bench bench = new Nio2Bench(calls)) {
                Nio2Bench.Pair pair = bench.connected();
                bench.read(pair.handle(), ByteBuffer.allocate(8), 1);
                CompletionHandler<Integer, @Nullable Void> late = HeldCalls.take(calls.reads);
                Recorded<Object> disconnect = bench.disconnect(pair.handle());
                if (abort) {
                    bench.processor.abort();
                    disconnect.failure(ProactorShutdownException.class);
                } else {
                    pair.handle().close();
                    disconnect.failure(SocketClosedException.class);
                }
                assertThat(pair.handle().terminated()).as("while the JDK has a call").isFalse();
                late.failed(new AsynchronousCloseException(), null);
                Nio2Bench.until("terminated", pair.handle()::terminated);
            }
        }
    }

    @Test
    void disconnectOfAHandleWithoutConnectionEndsItsConnect() throws Exception {
        Queue<CompletionHandler<Void, @Nullable Void>> connects = new ConcurrentLinkedQueue<>();
        Nio2Calls calls = new PassingCalls() {
            @Override
            public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
                    CompletionHandler<Void, @Nullable Void> handler) {
                connects.add(handler);
            }
        };
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            StreamHandle handle = bench.processor.openStream();
            disconnect(bench, handle);
            Recorded<Object> connect = bench.connect(handle, bench.serverAddress());
            CompletionHandler<Void, @Nullable Void> late = HeldCalls.take(connects);
            Recorded<Object> disconnect = bench.disconnect(handle);
            connect.failure(SocketClosedException.class);
            assertThat(disconnect.calledWithin(20)).isFalse();
            late.completed(null, null);
            disconnect.value();
            assertThat(handle.remoteAddress()).isNull();
        }
    }

    @Test
    void handleAtRestEndsWithItsCloseAndWithTheProcessor() throws Exception {
        Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT);
        StreamHandle closed = bench.connected().handle();
        StreamHandle left = bench.connected().handle();
        disconnect(bench, closed);
        disconnect(bench, left);
        closed.close();
        Nio2Bench.until("terminated", closed::terminated);
        bench.processor.drain();
        assertThat(left.isOpen()).isTrue();
        bench.closeCleanly();
        assertThat(left.terminated()).isTrue();
    }

    /** What is still leased does not count for the next connection, and stays readable. */
    @Test
    void leaseOutlivesItsConnectionAndDoesNotBurdenTheNext() throws Exception {
        ReceiveLimits limits = new ReceiveLimits(64, 4, 1);
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 2, limits)) {
            Nio2Bench.Pair pair = bench.connected();
            pair.send("before");
            Leased before = bench.receive(pair.handle()).value();
            disconnect(bench, pair.handle());
            Nio2Bench.Pair next = bench.connected(pair.handle());
            next.send("after");
            assertThat(bench.receive(next.handle()).value().taken()).isEqualTo("after");
            assertThat(before.taken()).isEqualTo("before");
        }
    }

    // ---- Accepting into handles at rest -------------------------------------------------------

    @Test
    void acceptedConnectionIsPutIntoAHandleAtRest() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            ListenHandle listener = bench.listen();
            Places places = new Places(100);
            listener.admission(places);
            StreamHandle handle = bench.processor.openStream();
            for (int i = 0; i < 50; i++) {
                places.resting.add(handle);
                Recorded<Object> accept = bench.accept(listener);
                try (Socket peer = Nio2Bench.peerOf(listener)) {
                    assertThat(accept.value()).isSameAs(handle);
                    assertThat(handle.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
                    Recorded<Leased> receive = bench.receive(handle);
                    peer.getOutputStream().write(("hello " + i).getBytes(
                            StandardCharsets.US_ASCII));
                    assertThat(receive.value().taken()).isEqualTo("hello " + i);
                    peer.getOutputStream().write(("left over by " + i).getBytes(
                            StandardCharsets.US_ASCII));
                    assertThat(bench.write(handle, bytes("!")).value()).isEqualTo(1);
                    assertThat(peer.getInputStream().read()).isEqualTo('!');
                    disconnect(bench, handle);
                }
            }
            assertThat(bench.processor.handles().size()).as("the listener and it").isEqualTo(2);
            Recorded<Object> accept = bench.accept(listener);
            try (Socket peer = Nio2Bench.peerOf(listener)) {
                assertThat(accept.value()).as("none is at rest").isNotSameAs(handle);
                assertThat(peer.isConnected()).isTrue();
            }
            assertThat(places.withdrawn).hasValue(0);
        }
    }

    @Test
    void handleThatWasClosedAtRestIsGivenBackAndTheNextClientIsServed() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            ListenHandle listener = bench.listen();
            StreamHandle handle = bench.processor.openStream();
            handle.close();
            AtomicInteger given = new AtomicInteger();
            AtomicInteger unused = new AtomicInteger();
            AtomicInteger withdrawn = new AtomicInteger();
            listener.admission(new Admission() {
                @Override
                public boolean admit() {
                    return true;
                }

                @Override
                public @Nullable StreamHandle recycled() {
                    return given.getAndIncrement() == 0 ? handle : null;
                }

                @Override
                public void unused(StreamHandle stream) {
                    assertThat(stream).isSameAs(handle);
                    assertThat(withdrawn).as("before the withdrawal").hasValue(0);
                    unused.incrementAndGet();
                }

                @Override
                public void taken() {
                    // Places that are reserved and that are taken are not told apart here.
                }

                @Override
                public void withdraw() {
                    withdrawn.incrementAndGet();
                }
            });
            Recorded<Object> accept = bench.accept(listener);
            try (Socket lost = Nio2Bench.peerOf(listener)) {
                assertThat(lost.getInputStream().read()).isEqualTo(-1);
                assertThat(accept.calledWithin(1)).isFalse();
                try (Socket served = Nio2Bench.peerOf(listener)) {
                    assertThat(((StreamHandle) accept.value()).remoteAddress())
                            .isEqualTo(served.getLocalSocketAddress());
                }
            }
            assertThat(unused).hasValue(1);
            assertThat(withdrawn).hasValue(1);
        }
    }

    /** Whoever is first: the client's connection ends, and no place is lost. */
    @Test
    void connectionThatIsPutIntoAHandleWhileItIsClosedIsClosed() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            ListenHandle listener = bench.listen();
            Places places = new Places(200);
            listener.admission(places);
            int delivered = 0;
            for (int i = 0; i < 200; i++) {
                StreamHandle handle = bench.processor.openStream();
                places.resting.add(handle);
                Recorded<Object> accept = bench.accept(listener);
                CountDownLatch ready = new CountDownLatch(1);
                Thread racer = Nio2Bench.daemon(() -> {
                    ready.countDown();
                    handle.close();
                });
                Thread client = Nio2Bench.daemon(() -> {
                    try (Socket peer = Nio2Bench.peerOf(listener)) {
                        assertThat(peer.getInputStream().read()).isEqualTo(-1);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                client.start();
                if (i % 2 == 0) {
                    Nio2Bench.until("it is taken", places.resting::isEmpty);
                }
                racer.start();
                assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();
                client.join(20_000);
                assertThat(client.isAlive()).as("the client has not been told").isFalse();
                Nio2Bench.until("terminated", handle::terminated);
                places.resting.clear();
                bench.cancel(accept);
                if (accept.cause() == null) {
                    assertThat(accept.value()).isSameAs(handle);
                    delivered++;
                }
            }
            assertThat(places.free).hasValue(200 - delivered);
            assertThat(places.withdrawn).hasValue(200 - delivered);
        }
    }

    // ---- Opening ahead ------------------------------------------------------------------------

    @Test
    void channelThatWasOpenedAheadIsTheOneThatConnects() throws Exception {
        Queue<AsynchronousSocketChannel> channels = new ConcurrentLinkedQueue<>();
        try (Nio2Bench bench = new Nio2Bench(new PassingCalls() {
            @Override
            public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
                    CompletionHandler<Void, @Nullable Void> handler) {
                channels.add(channel);
                super.connect(channel, remote, handler);
            }
        })) {
            Nio2StreamHandle handle = (Nio2StreamHandle) bench.processor.openStream();
            handle.openAhead();
            AsynchronousSocketChannel ahead = handle.openedAhead();
            assertThat(ahead).isNotNull();
            handle.openAhead();
            assertThat(handle.openedAhead()).as("once is enough").isSameAs(ahead);
            Nio2Bench.Pair pair = bench.connected(handle);
            assertThat(channels.remove()).isSameAs(ahead);
            handle.openAhead();
            assertThat(handle.openedAhead()).as("a connected handle needs none").isNull();
            disconnect(bench, handle);
            handle.openAhead();
            AsynchronousSocketChannel next = handle.openedAhead();
            handle.close();
            Nio2Bench.until("terminated", handle::terminated);
            assertThat(next.isOpen()).isFalse();
            handle.openAhead();
            assertThat(handle.openedAhead()).as("nor does a closed one").isNull();
            assertThat(pair.peer().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void openingAheadThatRacesACloseLeavesNoChannel() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            for (int i = 0; i < 200; i++) {
                Nio2StreamHandle handle = (Nio2StreamHandle) bench.processor.openStream();
                Thread racer = Nio2Bench.daemon(handle::close);
                racer.start();
                handle.openAhead();
                racer.join();
                Nio2Bench.until("terminated", handle::terminated);
                assertThat(handle.openedAhead()).isNull();
            }
        }
    }
}
