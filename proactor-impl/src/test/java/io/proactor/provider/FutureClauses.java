package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.contract.Until;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** AsynchronousChannel: operations that return a future, and their cancellation. */
interface FutureClauses extends Clauses {

    @Test
    default void futureWaitsForItsOperation() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        assertThat(read.isDone()).isFalse();
        assertThatThrownBy(() -> read.get(10, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        pair.send("x");
        assertThat(read.get(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(read.isDone()).isTrue();
        assertThat(read.isCancelled()).isFalse();
        assertThat(read.cancel(true)).isFalse();
        assertThat(pair.channel().isOpen()).isTrue();
    }

    @Test
    default void nextReadMayFollowAtOnce() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        for (int i = 0; i < 2_000; i++) {
            Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
            pair.send("x");
            assertThat(read.get()).isEqualTo(1);
        }
    }

    @Test
    default void cancelledReadMakesTheDirectionUseless() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        assertThat(read.cancel(false)).isTrue();
        assertThat(read.isDone() && read.isCancelled()).isTrue();
        assertThatThrownBy(read::get).isInstanceOf(CancellationException.class);
        assertThat(read.cancel(true)).isFalse();
        assertThat(pair.channel().isOpen()).isTrue();
        assertThatThrownBy(() -> pair.channel().read(ByteBuffer.allocate(8)))
                .isInstanceOf(RuntimeException.class);
        assertThat(pair.channel().write(ChannelBench.bytes("out")).get()).isEqualTo(3);
    }

    @Test
    default void cancelThatMayInterruptClosesTheChannel() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        Ended<Integer> write = pair.fill();
        assertThat(read.cancel(true)).isTrue();
        assertThat(pair.channel().isOpen()).isFalse();
        assertThat(write.failure())
                .isInstanceOf(java.nio.channels.AsynchronousCloseException.class);
        assertThatThrownBy(read::get).isInstanceOf(CancellationException.class);
    }

    @Test
    default void cancelEndsThoseWhoWait() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        CountDownLatch ended = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            try {
                read.get();
            } catch (CancellationException e) {
                ended.countDown();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        waiting.start();
        read.cancel(false);
        assertThat(ended.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    default void cancelledWriteMakesTheDirectionUseless() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Future<Integer> write = pair.channel().write(ByteBuffer.allocate(1 << 20));
        while (isDoneWithin(write, 300)) {
            write = pair.channel().write(ByteBuffer.allocate(1 << 20));
        }
        assertThat(write.cancel(false)).isTrue();
        assertThatThrownBy(() -> pair.channel().write(ByteBuffer.allocate(8)))
                .isInstanceOf(RuntimeException.class);
        assertThat(pair.channel().isOpen()).isTrue();
    }

    @Test
    default void cancelledAcceptTakesNoConnectionForAnother() throws Exception {
        AsynchronousServerSocketChannel server = bench().listener();
        Future<AsynchronousSocketChannel> accept = server.accept();
        assertThat(accept.cancel(false)).isTrue();
        assertThatThrownBy(accept::get).isInstanceOf(CancellationException.class);
        assertThat(server.isOpen()).isTrue();
        Future<AsynchronousSocketChannel> other = bench().listener().accept();
        assertThat(other.cancel(true)).isTrue();
    }

    private static boolean isDoneWithin(Future<?> future, long millis) throws Exception {
        boolean done = Until.within(millis, future::isDone);
        if (done) {
            future.get();
        }
        return done;
    }
}
