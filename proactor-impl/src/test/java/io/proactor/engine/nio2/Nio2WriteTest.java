package io.proactor.engine.nio2;

import static io.proactor.engine.nio2.Nio2Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.OperationCancelledException;
import io.proactor.ResetByPeerException;
import io.proactor.SocketClosedException;
import io.proactor.TransferFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is on the stream, and what handlers are told of it. */
final class Nio2WriteTest {

    /** Physical writes that wait for the test. */
    private static final class HeldWrites extends PassingCalls {
        final Queue<Held> held = new ConcurrentLinkedQueue<>();
        volatile boolean pass;

        @Override
        public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                CompletionHandler<Integer, @Nullable Void> handler) {
            if (pass) {
                super.write(channel, source, handler);
            } else {
                held.add(new Held(channel, source, handler));
            }
        }

        Held take() throws Exception {
            Nio2Bench.until("a physical write", () -> !held.isEmpty());
            return held.remove();
        }
    }

    private record Held(AsynchronousSocketChannel channel, ByteBuffer source,
            CompletionHandler<Integer, @Nullable Void> handler) {

        /** Lets the JDK do it. */
        void go() {
            channel.write(source, null, handler);
        }

        /** Lets the JDK do some of it. */
        void go(int bytes) {
            channel.write(source.limit(source.position() + bytes), null, handler);
        }
    }

    @Test
    void cancelledWriteThatHasStartedEndsAtOnceAndItsBytesGoOutBeforeTheNext() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            ByteBuffer source = bytes("started");
            Recorded<Integer> started = bench.write(pair.handle(), source);
            Held held = calls.take();
            Recorded<Integer> waiting = bench.write(pair.handle(), bytes("waiting"));
            Recorded<Integer> last = bench.write(pair.handle(), bytes("last"));
            assertThat(bench.cancel(started)).isTrue();
            assertThat(bench.cancel(waiting)).isTrue();
            assertThat(started.failure(OperationCancelledException.class).bytesMoved())
                    .isEqualTo(7);
            assertThat(source.position()).isEqualTo(7);
            assertThat(waiting.failure(OperationCancelledException.class).bytesMoved()).isZero();
            calls.pass = true;
            held.go(3);
            assertThat(last.value()).isEqualTo(4);
            assertThat(pair.receive(11)).isEqualTo("startedlast");
        }
    }

    @Test
    void closedWriteCountsWhatTheSystemTookInTheEnd() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            ByteBuffer source = bytes("0123456789");
            Recorded<Integer> write = bench.write(pair.handle(), source);
            Held held = calls.take();
            held.handler().completed(2, null);
            held = calls.take();
            pair.handle().close();
            assertThat(write.calledWithin(50)).as("before the JDK has called back").isFalse();
            held.handler().completed(3, null);
            assertThat(write.failure(SocketClosedException.class).bytesMoved()).isEqualTo(5);
            assertThat(source.position()).isEqualTo(5);
            Nio2Bench.until("terminated", pair.handle()::terminated);
        }
    }

    @Test
    void failedWriteCountsWhatTheSystemTookAndThoseBehindItFailToo() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            ByteBuffer source = bytes("0123456789");
            Recorded<Integer> write = bench.write(pair.handle(), source);
            Recorded<Integer> behind = bench.write(pair.handle(), bytes("behind"));
            calls.take().handler().completed(4, null);
            calls.take().handler().failed(new IOException("Broken pipe"), null);
            assertThat(write.failure(ResetByPeerException.class).bytesMoved()).isEqualTo(4);
            assertThat(source.position()).isEqualTo(4);
            assertThat(behind.failure(ResetByPeerException.class).bytesMoved()).isZero();
            bench.write(pair.handle(), bytes("later")).failure(ResetByPeerException.class);
            assertThat(calls.held).as("further physical writes").isEmpty();
        }
    }

    @Test
    void secondCompletionIsIgnoredAndItsBufferNeverUsedAgain() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Integer> write = bench.write(pair.handle(), bytes("0123456789"));
            Held held = calls.take();
            Recorded<Integer> read = bench.read(pair.handle(), ByteBuffer.allocate(8), 1);
            held.handler().failed(new AssertionError("thrown by startPoll"), null);
            assertThat(write.failure(TransferFailedException.class).bytesMoved()).isZero();
            read.failure(TransferFailedException.class);
            Nio2Bench.until("the connection is given up", pair.handle()::terminated);
            assertThat(pair.peer().getInputStream().read()).as("the peer is told").isEqualTo(-1);
            held.handler().failed(new AsynchronousCloseException(), null);
            held.handler().completed(10, null);
            assertThat(write.calls()).isEqualTo(1);
            assertThat(bench.buffersLent()).isZero();
            assertThat(bench.processor.smallBuffers().borrow()).isNotSameAs(held.source());
            bench.processor.smallBuffers().abandoned();
        }
    }

    @Test
    void smallWritesThatWaitedGoOutInOnePhysicalWrite() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            List<Recorded<Integer>> writes = new ArrayList<>();
            writes.add(bench.write(pair.handle(), bytes("<first>")));
            Held first = calls.take();
            StringBuilder all = new StringBuilder("<first>");
            for (int i = 0; i < 20; i++) {
                String text = i % 5 == 4 ? "" : "<" + i + ">";
                all.append(text);
                writes.add(bench.write(pair.handle(), bytes(text)));
            }
            first.go();
            Held second = calls.take();
            assertThat(second.source().remaining()).isEqualTo(all.length() - 7);
            calls.pass = true;
            second.go(20);
            for (Recorded<Integer> write : writes) {
                write.value();
            }
            assertThat(pair.receive(all.length())).isEqualTo(all.toString());
            assertThat(calls.held).isEmpty();
        }
    }

    /** The middle one of three in a chunk: its neighbours keep their counts. */
    @Test
    void cancelInTheMiddleOfAChunkIsExact() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Integer> opening = bench.write(pair.handle(), bytes("("));
            Held first = calls.take();
            Recorded<Integer> left = bench.write(pair.handle(), bytes("left"));
            Recorded<Integer> middle = bench.write(pair.handle(), bytes("middle"));
            Recorded<Integer> right = bench.write(pair.handle(), bytes("right"));
            first.go();
            opening.value();
            Held second = calls.take();
            assertThat(bench.cancel(middle)).isTrue();
            assertThat(middle.failure(OperationCancelledException.class).bytesMoved()).isEqualTo(6);
            second.go(7);  // ends inside the middle one
            assertThat(left.value()).isEqualTo(4);
            calls.take().go();
            assertThat(right.value()).isEqualTo(5);
            assertThat(pair.receive(16)).isEqualTo("(leftmiddleright");
        }
    }

    @Test
    void gatheringWriteOfManySizesIsExact() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(new PassingCalls() {
            @Override
            public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                    CompletionHandler<Integer, @Nullable Void> handler) {
                int some = Math.min(source.remaining(), 1_000);
                super.write(channel, source.limit(source.position() + some), handler);
            }
        })) {
            Nio2Bench.Pair pair = bench.connected();
            ByteBuffer[] sources = new ByteBuffer[500];
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < sources.length; i++) {
                String text = "x".repeat(i % 7 * 300) + i;
                all.append(text);
                sources[i] = bytes("skipped" + text).position(7);
            }
            Recorded<Integer> recorded = new Recorded<>();
            assertThat(pair.handle().reserve(all.length())).isTrue();
            var write = pair.handle().takeWrite();
            assertThat(write).isNotNull();
            write.prepare(sources, 0, null, recorded);
            pair.handle().initiate(write);
            assertThat(pair.receive(all.length())).isEqualTo(all.toString());
            assertThat(recorded.value()).isEqualTo(all.length());
            assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
        }
    }

    @Test
    void sourceThatIsChangedMeanwhileFailsItsWriteOnly() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Integer> first = bench.write(pair.handle(), bytes("first"));
            Held held = calls.take();
            ByteBuffer source = bytes("second");
            Recorded<Integer> second = bench.write(pair.handle(), source);
            Recorded<Integer> third = bench.write(pair.handle(), bytes("third"));
            source.limit(0);
            calls.pass = true;
            held.go();
            assertThat(first.value()).isEqualTo(5);
            second.failure(TransferFailedException.class);
            assertThat(third.value()).isEqualTo(5);
            assertThat(pair.receive(10)).isEqualTo("firstthird");
        }
    }

    /** What the system does with writes that are tried; the test gives it room. */
    private static final class TriedWrites extends PassingCalls {
        final List<Integer> sizes = new CopyOnWriteArrayList<>();  // of those that were tried
        final List<Integer> calledBack = new CopyOnWriteArrayList<>();
        volatile @Nullable CompletableFuture<Integer> answer;  // of the next one that is tried

        @Override
        public Future<Integer> tryWrite(AsynchronousSocketChannel channel, ByteBuffer source) {
            CompletableFuture<Integer> now = answer;
            sizes.add(source.remaining());
            return now != null ? now : CompletableFuture.completedFuture(source.remaining());
        }

        @Override
        public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                CompletionHandler<Integer, @Nullable Void> handler) {
            calledBack.add(source.remaining());
            handler.completed(source.remaining(), null);
        }

        /** A connection that the group's threads have no more to do with. */
        Nio2Bench.Pair connected(Nio2Bench bench) throws Exception {
            Nio2Bench.Pair pair = bench.connected();
            while (sizes.isEmpty()) {
                bench.write(pair.handle(), bytes("tried")).value();
            }
            calledBack.clear();
            answer = new CompletableFuture<>();
            return pair;
        }
    }

    @Test
    void writeThatFindsNoRoomEndsWhenThereIsSomeAndTheNextOnesAreCalledBack() throws Exception {
        TriedWrites calls = new TriedWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = calls.connected(bench);
            Recorded<Integer> waits = bench.write(pair.handle(), bytes("waits"));
            Recorded<Integer> behind = bench.write(pair.handle(), bytes("behind"));
            assertThat(waits.calledWithin(50)).as("without room").isFalse();
            calls.answer.complete(5);
            assertThat(waits.value()).isEqualTo(5);
            assertThat(behind.value()).isEqualTo(6);
            assertThat(calls.sizes).containsExactly(5, 5);
            assertThat(calls.calledBack).containsExactly(6);
        }
    }

    @Test
    void writeThatFindsNoRoomFailsWithItsConnection() throws Exception {
        TriedWrites calls = new TriedWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = calls.connected(bench);
            Recorded<Integer> waits = bench.write(pair.handle(), bytes("waits"));
            calls.answer.completeExceptionally(new IOException("Broken pipe"));
            waits.failure(ResetByPeerException.class);
        }
    }

    @Test
    void closedWriteThatFindsNoRoomEndsWithWhatTheJdkSaysOfIt() throws Exception {
        TriedWrites calls = new TriedWrites();
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = calls.connected(bench);
            Recorded<Integer> waits = bench.write(pair.handle(), bytes("waits"));
            pair.handle().close();
            assertThat(waits.calledWithin(50)).as("before the JDK has let go").isFalse();
            calls.answer.completeExceptionally(new AsynchronousCloseException());
            waits.failure(SocketClosedException.class);
            Nio2Bench.until("terminated", pair.handle()::terminated);
        }
    }
}
