package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.ComposedOperation;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.Pipe;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.operation.OperationFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One socket piped into another: all bytes, no more memory than a buffer, nothing lost. */
interface PipeContract extends Contract {

    int BUFFER_BYTES = 64 * 1024;

    @Test
    @DisplayName("A pipe moves all bytes, then ends the other stream, and says how many they were")
    default void pipeMovesAllAndEndsTheOtherStream() throws Exception {
        Pair source = bench().accepted();
        Pair sink = bench().connected();
        byte[] bytes = Bytes.random(4 << 20, 11);
        Pipe pipe = new Pipe(source.socket(), sink.socket());
        Recorder<Long> run = bench().recorder();
        ComposedOperation running = pipe.start("attached", run);
        Future<Void> sender = send(source.peer(), bytes);
        assertThat(sink.peer().receiveAll()).isEqualTo(bytes);
        assertThat(run.value()).isEqualTo(bytes.length);
        assertThat(run.attachment()).isEqualTo("attached");
        assertThat(pipe.bytesMoved()).isEqualTo(bytes.length);
        assertThat(running.cancel()).isFalse();
        Bench.join(sender);
    }

    @Test
    @DisplayName("The same with calls that stop short, and do nothing, at random")
    default void pipeMovesAllUnderShortCalls() throws Exception {
        SplittableRandom random = new SplittableRandom(Seed.of("pipeMovesAllUnderShortCalls"));
        bench().openWithFaults(new Faults() {
            @Override
            public int onRead(int wanted) {
                return shortened(wanted);
            }

            @Override
            public int onWrite(int wanted) {
                return shortened(wanted);
            }

            private synchronized int shortened(int wanted) {
                return random.nextInt(3) == 0 ? random.nextInt(wanted + 1) : wanted;
            }
        });
        Pair source = bench().accepted();
        Pair sink = bench().accepted();
        byte[] bytes = Bytes.random(1 << 20, 12);
        Recorder<Long> run = bench().recorder();
        new Pipe(source.socket(), sink.socket()).start(null, run);
        Future<Void> sender = send(source.peer(), bytes);
        assertThat(sink.peer().receiveAll()).isEqualTo(bytes);
        assertThat(run.value()).isEqualTo(bytes.length);
        Bench.join(sender);
    }

    @Test
    @DisplayName("Both ways: when one stream has ended, the other goes on until it ends too")
    default void halfCloseIsPropagated() throws Exception {
        Pair client = bench().accepted();
        Pair server = bench().connected();
        byte[] answer = Bytes.random(1 << 20, 13);
        Pipe forth = new Pipe(client.socket(), server.socket());
        Pipe back = new Pipe(server.socket(), client.socket());
        Recorder<Pipe.Moved> both = bench().recorder();
        Pipe.startBoth(forth, back, null, both);
        client.peer().send("question");
        client.peer().finish();
        assertThat(server.peer().receiveAll()).asString().isEqualTo("question");
        assertThat(both.calls()).isZero();
        Future<Void> sender = send(server.peer(), answer);
        assertThat(client.peer().receiveAll()).isEqualTo(answer);
        assertThat(both.value()).isEqualTo(new Pipe.Moved(8, answer.length));
        Bench.join(sender);
    }

    @Test
    @DisplayName("While the far end does not read, one buffer is queued, and no more is read")
    default void slowReaderHoldsTheSenderBack() throws Exception {
        Pair source = bench().accepted();
        Pair sink = bench().accepted();
        // More than the system's buffers hold, four times over, so that somebody must wait.
        byte[] bytes = Bytes.random(64 << 20, 14);
        Pipe pipe = new Pipe(source.socket(), sink.socket());
        Recorder<Long> run = bench().recorder();
        pipe.start(null, run);
        Future<Void> sender = send(source.peer(), bytes);
        awaitStandstill(pipe, sink);
        assertThat(sender.isDone()).as("the sender is held back").isFalse();
        assertThat(sink.socket().bytesQueued()).isBetween(1L, (long) BUFFER_BYTES);
        assertThat(sink.socket().writesQueued()).isEqualTo(1);
        Future<byte[]> received = bench().start(() -> sink.peer().receiveBytes(bytes.length));
        while (!received.isDone()) {
            assertThat(sink.socket().bytesQueued()).isLessThanOrEqualTo(BUFFER_BYTES);
            LockSupport.parkNanos(100_000);
        }
        assertThat(Bench.join(received)).isEqualTo(bytes);
        assertThat(run.value()).isEqualTo(bytes.length);
        Bench.join(sender);
    }

    @Test
    @DisplayName("A pipe that is cancelled while it writes keeps what it holds for the next run")
    default void cancelledPipeKeepsWhatItHolds() throws Exception {
        Pair source = bench().accepted();
        Pair sink = bench().accepted();
        byte[] bytes = Bytes.random(32 << 20, 15);
        Pipe pipe = new Pipe(source.socket(), sink.socket());
        Recorder<Long> first = bench().recorder();
        ComposedOperation running = pipe.start(null, first);
        assertThatThrownBy(() -> pipe.start(null, bench().recorder()))
                .isInstanceOf(IllegalStateException.class);
        Future<Void> sender = send(source.peer(), bytes);
        awaitStandstill(pipe, sink);
        assertThat(running.cancel()).isTrue();
        assertThat(running.cancel()).isFalse();
        long moved = first.failure(OperationCancelledException.class).bytesMoved();
        assertThat(moved).isEqualTo(pipe.bytesMoved()).isGreaterThan(0);
        Recorder<Long> second = bench().recorder();
        pipe.start(null, second);
        assertThat(sink.peer().receiveAll()).isEqualTo(bytes);
        assertThat(moved + second.value()).isEqualTo(bytes.length);
        Bench.join(sender);
    }

    @Test
    @DisplayName("Cancels that race the bytes: each run ends once, and no byte is lost or doubled")
    default void cancelsThatRaceThePipeLoseNothing() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seed.of("cancelsThatRaceThePipeLoseNothing"));
        Pair source = bench().accepted();
        Pair sink = bench().accepted();
        byte[] bytes = Bytes.random(4 << 20, 16);
        Pipe pipe = new Pipe(source.socket(), sink.socket());
        Future<Void> sender = send(source.peer(), bytes);
        Future<byte[]> received = bench().start(() -> sink.peer().receiveAll());
        long moved = 0;
        Recorder<Long> run;
        do {
            run = bench().recorder();
            ComposedOperation running = pipe.start(null, run);
            LockSupport.parkNanos(random.nextInt(300_000));
            boolean cancelled = running.cancel();
            if (run.cause() != null) {
                assertThat(cancelled).isTrue();
                moved += run.failure(OperationCancelledException.class).bytesMoved();
            }
        } while (run.cause() != null);
        assertThat(Bench.join(received)).isEqualTo(bytes);
        assertThat(moved + run.value()).isEqualTo(bytes.length);
        Bench.join(sender);
    }

    @Test
    @DisplayName("T26 the timeout is for the whole run, and leaves both connections usable")
    default void timeoutEndsTheRunOnly() throws Exception {
        Pair source = bench().accepted();
        Pair sink = bench().accepted();
        Recorder<Long> run = bench().recorder();
        long startNanos = System.nanoTime();
        source.peer().send("abc");
        new Pipe(source.socket(), sink.socket()).start(300, TimeUnit.MILLISECONDS, null, run);
        assertThat(sink.peer().receive(3)).isEqualTo("abc");
        assertThat(run.failure(OperationTimedOutException.class).bytesMoved()).isEqualTo(3);
        assertThat(run.millisSince(startNanos)).isGreaterThanOrEqualTo(300);
        source.roundTrips();
        sink.roundTrips();
    }

    /** Bytes are always there, and room too, so that no part ever waits for as much as a tick. */
    @Test
    @DisplayName("T26 a run that is never idle ends at its deadline all the same")
    default void deadlineEndsABusyRun() throws Exception {
        Pair source = bench().accepted();
        Pair sink = bench().accepted();
        Recorder<Long> run = bench().recorder();
        Pipe pipe = new Pipe(source.socket(), sink.socket());
        Future<Long> receiver = bench().start(() -> {
            byte[] some = new byte[BUFFER_BYTES];
            long received = 0;
            for (int count = 0; count >= 0; count = sink.peer().receiveSome(some)) {
                received += count;
            }
            return received;
        });
        Future<Long> sender = bench().start(() -> {
            long sent = 0;
            for (; !run.called(); sent += BUFFER_BYTES) {
                source.peer().send(new byte[BUFFER_BYTES]);
            }
            source.peer().finish();
            return sent;
        });
        long startNanos = System.nanoTime();
        pipe.start(400, TimeUnit.MILLISECONDS, null, run);
        long moved = run.within(4_000).failure(OperationTimedOutException.class).bytesMoved();
        assertThat(run.millisSince(startNanos)).isGreaterThanOrEqualTo(400);
        assertThat(moved).isGreaterThan(0);
        Recorder<Long> rest = bench().recorder();
        pipe.start(null, rest);
        assertThat(moved + rest.value()).isEqualTo(Bench.join(sender))
                .isEqualTo(Bench.join(receiver));
    }

    @Test
    @DisplayName("A sink that is gone ends the run, with the bytes moved; the source stays usable")
    default void deadSinkEndsTheRun() throws Exception {
        Pair source = bench().accepted();
        Pair sink = bench().accepted();
        Recorder<Long> run = bench().recorder();
        Pipe pipe = new Pipe(source.socket(), sink.socket());
        pipe.start(null, run);
        source.peer().send("abc");
        assertThat(sink.peer().receive(3)).isEqualTo("abc");
        sink.peer().reset();
        while (!run.called()) {
            source.peer().send("x");
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(run.cause()).isInstanceOf(IOException.class);
        assertThat(((OperationFailure) run.cause()).bytesMoved()).isGreaterThanOrEqualTo(3)
                .isEqualTo(pipe.bytesMoved());
        assertThat(source.socket().isOpen()).isTrue();
        source.write(Bytes.of("sorry")).value();
        assertThat(source.peer().receive(5)).isEqualTo("sorry");
    }

    @Test
    @DisplayName("Both ways: when one end is gone, the other way is cancelled; one handler is told")
    default void deadEndEndsBothWays() throws Exception {
        Pair client = bench().accepted();
        Pair server = bench().connected();
        Recorder<Pipe.Moved> both = bench().recorder();
        Pipe.startBoth(new Pipe(client.socket(), server.socket()),
                new Pipe(server.socket(), client.socket()), null, both);
        client.peer().send("abc");
        server.peer().receive(3);
        server.peer().send("ab");
        client.peer().receive(2);
        server.peer().reset();
        assertThat(both.cause()).isInstanceOf(IOException.class)
                .isNotInstanceOf(OperationCancelledException.class);
        assertThat(((OperationFailure) both.cause()).bytesMoved()).isEqualTo(5);
        client.roundTrips();
    }

    @Test
    @DisplayName("Both ways are cancelled as one; a close of one end ends both")
    default void bothWaysEndAsOne() throws Exception {
        for (boolean close : new boolean[] {false, true}) {
            Pair client = bench().accepted();
            Pair server = bench().connected();
            Recorder<Pipe.Moved> both = bench().recorder();
            ComposedOperation running =
                    Pipe.startBoth(new Pipe(client.socket(), server.socket()),
                            new Pipe(server.socket(), client.socket()), null, both);
            if (close) {
                server.socket().close();
                both.failure(SocketClosedException.class);
            } else {
                assertThat(running.cancel()).isTrue();
                both.failure(OperationCancelledException.class);
                server.roundTrips();
            }
            assertThat(running.cancel()).isFalse();
            client.roundTrips();
        }
    }

    @Test
    @DisplayName("If the second way cannot begin, the first is undone, and no handler is called")
    default void secondWayThatCannotBeginUndoesTheFirst() throws Exception {
        Pair client = bench().accepted();
        Pair server = bench().accepted();
        Recorder<Integer> reading = server.read(ByteBuffer.allocate(1));
        Pipe forth = new Pipe(client.socket(), server.socket());
        Recorder<Pipe.Moved> both = bench().recorder();
        assertThatThrownBy(() -> Pipe.startBoth(forth,
                new Pipe(server.socket(), client.socket()), null, both))
                .isInstanceOf(IllegalStateException.class);
        server.peer().send("x");
        reading.value();
        Until.until("only the first way was undone",
                () -> bench().proactor().statistics().cancelled() == 1);
        client.roundTrips();
        server.roundTrips();
        assertThat(both.calls()).isZero();
    }

    @Test
    @DisplayName("T30 in a drain the way that is idle ends, and the other finishes what it finds")
    default void drainLetsTheOtherWayFinish() throws Exception {
        Pair client = bench().accepted();
        Pair server = bench().connected();
        byte[] bytes = Bytes.random(64 << 20, 17);
        Pipe forth = new Pipe(client.socket(), server.socket());
        Pipe back = new Pipe(server.socket(), client.socket());
        Recorder<Pipe.Moved> both = bench().recorder(call -> {
            client.socket().close();
            server.socket().close();
        });
        Pipe.startBoth(forth, back, null, both);
        bench().start(() -> {
            client.peer().send(bytes);  // is cut off when the proactor has nothing more to do
            return null;
        });
        awaitStandstill(forth, server);
        long before = forth.bytesMoved() + server.socket().bytesQueued();
        bench().proactor().shutdown(Duration.ofSeconds(Until.PATIENCE_SECONDS));
        byte[] received = server.peer().receiveAll();
        both.failure(ProactorShutdownException.class);
        assertThat(received).isEqualTo(Arrays.copyOf(bytes, (int) forth.bytesMoved()));
        // The client is held back, so at least as much as the pipe takes at a time was there.
        assertThat((long) received.length).isGreaterThanOrEqualTo(before + BUFFER_BYTES);
    }

    private Future<Void> send(Peer peer, byte[] bytes) {
        return bench().start(() -> {
            peer.send(bytes);
            peer.finish();
            return null;
        });
    }

    /** Waits until the pipe has something to write that nobody takes. */
    private static void awaitStandstill(Pipe pipe, Pair sink) throws Exception {
        long[] last = {-1, 0};
        Until.until("the pipe stands still", () -> {
            LockSupport.parkNanos(20_000_000);
            boolean still = pipe.bytesMoved() == last[0] && sink.socket().bytesQueued() > 0;
            last[1] = still ? last[1] + 1 : 0;
            last[0] = pipe.bytesMoved();
            return last[1] == 5;
        });
    }
}
