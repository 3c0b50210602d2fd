package io.proactor.engine.nio2;

import static io.proactor.engine.nio2.Nio2Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.OperationCancelledException;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.StreamHandle;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of the connections of physical accepts. */
final class Nio2ListenTest {

    /** Physical accepts that wait for the test. */
    private static final class HeldAccepts extends PassingCalls {
        final Queue<CompletionHandler<AsynchronousSocketChannel, @Nullable Void>> handlers =
                new ConcurrentLinkedQueue<>();

        @Override
        public void accept(AsynchronousServerSocketChannel listener,
                CompletionHandler<AsynchronousSocketChannel, @Nullable Void> handler) {
            handlers.add(handler);
        }

        CompletionHandler<AsynchronousSocketChannel, @Nullable Void> take() throws Exception {
            Nio2Bench.until("a physical accept", () -> !handlers.isEmpty());
            return handlers.remove();
        }
    }

    private static void assertGone(Socket peer) throws Exception {
        try {
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void connectionWhoseAcceptWasCancelledServesTheNext() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            ListenHandle listener = bench.listen();
            for (int i = 0; i < 20; i++) {
                Recorded<Object> cancelled = bench.accept(listener);
                assertThat(bench.cancel(cancelled)).isTrue();
                cancelled.failure(OperationCancelledException.class);
                try (Socket peer = Nio2Bench.peerOf(listener)) {
                    Recorded<Object> next = bench.accept(listener);
                    StreamHandle stream = (StreamHandle) next.value();
                    assertThat(stream.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
                    bench.write(stream, bytes("!")).value();
                    assertThat(peer.getInputStream().read()).isEqualTo('!');
                }
            }
        }
    }

    @Test
    void connectionInHandIsClosedWithTheListener() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            ListenHandle listener = bench.listen();
            assertThat(bench.cancel(bench.accept(listener))).isTrue();
            try (Socket peer = Nio2Bench.peerOf(listener)) {
                listener.close();
                assertGone(peer);
            }
            Nio2Bench.until("terminated", listener::terminated);
        }
    }

    /** A place is taken for each connection that is delivered, and for no other. */
    @Test
    void connectionWithoutAPlaceWaitsForOne() throws Exception {
        Places places = new Places(1);
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            ListenHandle listener = bench.listen();
            listener.admission(places);
            Recorded<Object> first = bench.accept(listener);
            Recorded<Object> second = bench.accept(listener);
            assertThat(places.free).as("nothing is booked for a client that may never come")
                    .hasValue(1);
            try (Socket one = Nio2Bench.peerOf(listener); Socket two = Nio2Bench.peerOf(listener)) {
                assertThat(((StreamHandle) first.value()).remoteAddress())
                        .isEqualTo(one.getLocalSocketAddress());
                assertThat(second.calledWithin(50)).isFalse();
                places.free.set(1);
                listener.resume();
                assertThat(((StreamHandle) second.value()).remoteAddress())
                        .isEqualTo(two.getLocalSocketAddress());
            }
            assertThat(places.free).hasValue(0);
            assertThat(places.withdrawn).hasValue(0);
        }
    }

    @Test
    void errorOfTheJdkEndsNoListener() throws Exception {
        HeldAccepts calls = new HeldAccepts();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            ListenHandle listener = bench.listen();
            Recorded<Object> accept = bench.accept(listener);
            var suspect = calls.take();
            suspect.failed(new AssertionError("thrown by startPoll"), null);
            var next = calls.take();
            assertThat(bench.listener.acceptFailures).hasSize(1);
            suspect.failed(new AsynchronousCloseException(), null);
            assertThat(accept.calledWithin(20)).isFalse();
            AsynchronousSocketChannel stray = AsynchronousSocketChannel.open();
            suspect.completed(stray, null);
            assertThat(stray.isOpen()).as("a connection that nobody expects").isFalse();
            AsynchronousSocketChannel made = AsynchronousSocketChannel.open();
            made.connect(bench.serverAddress()).get();
            next.completed(made, null);
            assertThat(((StreamHandle) accept.value()).localAddress())
                    .isEqualTo(made.getLocalAddress());
            listener.close();
        }
    }

    /** The system had accepted the client before the drain; there is an accept that wants it. */
    @Test
    void connectionThatLandsWhileTheListenerDrainsIsDelivered() throws Exception {
        HeldAccepts calls = new HeldAccepts();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            ListenHandle listener = bench.listen();
            Recorded<Object> first = bench.accept(listener);
            Recorded<Object> second = bench.accept(listener);
            var handler = calls.take();
            bench.processor.drain();
            assertThat(first.calledWithin(20)).isFalse();
            AsynchronousSocketChannel made = AsynchronousSocketChannel.open();
            made.connect(bench.serverAddress()).get();
            handler.completed(made, null);
            ((StreamHandle) first.value()).close();
            second.failure(ProactorShutdownException.class);
            Nio2Bench.until("terminated", listener::terminated);
        }
    }

    @Test
    void acceptsEndWhenTheListenerIsClosed() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            ListenHandle listener = bench.listen();
            Recorded<Object> first = bench.accept(listener);
            Recorded<Object> second = bench.accept(listener);
            listener.close();
            first.failure(SocketClosedException.class);
            second.failure(SocketClosedException.class);
            Nio2Bench.until("terminated", listener::terminated);
            assertThat(bench.listener.acceptFailures).isEmpty();
        }
    }
}
