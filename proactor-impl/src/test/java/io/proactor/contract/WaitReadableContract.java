package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T20: the zero-byte receive, which waits for bytes and takes none. */
interface WaitReadableContract extends Contract {

    @Test
    @DisplayName("T20 it stays pending until bytes come, completes once, and leaves them there")
    default void waitEndsWithTheFirstBytesAndTakesNone() throws Exception {
        Pair pair = bench().accepted();
        for (int i = 0; i < 3; i++) {
            Recorder<Void> wait = waitReadable(pair);
            assertThat(wait.calledWithin(100)).isFalse();
            pair.peer().send("abc");
            wait.value();
            waitReadable(pair).value();  // they are still there
            assertThat(pair.readText(3)).isEqualTo("abc");
            assertThat(wait.calls()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("T20 the end of the stream ends it, and so does a reset")
    default void endOfTheStreamEndsTheWait() throws Exception {
        Pair ended = bench().accepted();
        Recorder<Void> wait = waitReadable(ended);
        ended.peer().finish();
        wait.value();
        waitReadable(ended).value();
        assertThat(ended.read(ByteBuffer.allocate(8)).value()).isEqualTo(-1);
        Pair reset = bench().accepted();
        Recorder<Void> second = waitReadable(reset);
        reset.peer().reset();
        second.await();
        assertThat(reset.read(ByteBuffer.allocate(8)).cause()).isNotNull();
    }

    @Test
    @DisplayName("T20 what a read until a delimiter left over ends it at once")
    default void surplusEndsTheWait() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send("line|rest");
        ByteBuffer line = ByteBuffer.allocate(64);
        Recorder<Integer> read = bench().recorder();
        pair.socket().readUntil(line, new byte[] {'|'}, null, read);
        assertThat(read.value()).isEqualTo(5);
        waitReadable(pair).value();
        waitReadable(pair).value();
        assertThat(pair.readText(4)).isEqualTo("rest");
        assertThat(waitReadable(pair).calledWithin(50)).isFalse();
    }

    @Test
    @DisplayName("T24, T26 it is cancelled, and times out; no byte is lost")
    default void waitIsCancelledAndTimesOut() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Void> cancelled = bench().recorder();
        long id = pair.socket().waitReadable(null, cancelled);
        assertThat(pair.socket().cancel(id)).isTrue();
        assertThat(cancelled.failure(OperationCancelledException.class).bytesMoved()).isZero();
        assertThat(pair.socket().cancel(id)).isFalse();
        Recorder<Void> late = bench().recorder();
        long startNanos = System.nanoTime();
        pair.socket().waitReadable(200, TimeUnit.MILLISECONDS, null, late);
        late.within(2_000).failure(OperationTimedOutException.class);
        assertThat(late.millisSince(startNanos)).isGreaterThanOrEqualTo(200);
        pair.peer().send("abc");
        waitReadable(pair).value();
        assertThat(pair.readText(3)).isEqualTo("abc");
    }

    @Test
    @DisplayName("T29, T30 close and shutdown end it once")
    default void closeAndShutdownEndTheWait() throws Exception {
        Pair closed = bench().accepted();
        Recorder<Void> first = waitReadable(closed);
        closed.socket().close();
        first.failure(SocketClosedException.class);
        waitReadable(closed).failure(SocketClosedException.class);
        Recorder<Void> second = waitReadable(bench().accepted());
        bench().proactor().shutdown(Duration.ofSeconds(15));
        second.failure(ProactorShutdownException.class);
    }

    @Test
    @DisplayName("T20 it is a read: one may be pending, and writes do not wait for it")
    default void waitIsARead() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Void> wait = waitReadable(pair);
        assertThatThrownBy(() -> pair.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> waitReadable(pair)).isInstanceOf(IllegalStateException.class);
        assertThat(pair.write(Bytes.of("out")).value()).isEqualTo(3);
        assertThat(wait.called()).isFalse();
        pair.peer().send("x");
        wait.value();
    }

    @Test
    @DisplayName("T24 cancels that race the bytes: one outcome each, and the bytes are there")
    default void cancelThatRacesTheBytesLosesNone() throws Exception {
        Pair pair = bench().accepted();
        for (int round = 0; round < 300; round++) {
            Recorder<Void> wait = bench().recorder();
            long id = pair.socket().waitReadable(null, wait);
            var sender = bench().start(() -> {
                pair.peer().send("abc");
                return null;
            });
            LockSupport.parkNanos(round % 50 * 2_000L);
            boolean cancelled = pair.socket().cancel(id);
            if (wait.cause() != null) {
                assertThat(cancelled).isTrue();
                wait.failure(OperationCancelledException.class);
            }
            assertThat(pair.readText(3)).isEqualTo("abc");
            Bench.join(sender);
        }
    }

    private Recorder<Void> waitReadable(Pair pair) {
        Recorder<Void> wait = bench().recorder();
        pair.socket().waitReadable(null, wait);
        return wait;
    }
}
