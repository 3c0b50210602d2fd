package io.proactor.engine.nio2;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls that stop short, are answered inside the call, late, or twice, and fail now and then, as a
 * seed says. What a call reports is what has happened: a failure has moved nothing.
 */
final class StormyCalls implements Nio2Calls, AutoCloseable {

    private final SplittableRandom random;
    private final int failOneIn;
    private final ScheduledExecutorService late =
            Executors.newSingleThreadScheduledExecutor(Nio2Bench::daemon);

    /**
     * @param failOneIn of so many reads and writes one fails; 0 for none
     */
    StormyCalls(long seed, int failOneIn) {
        random = new SplittableRandom(seed);
        this.failOneIn = failOneIn;
    }

    @Override
    public void close() {
        late.shutdownNow();
    }

    private synchronized boolean oneIn(int many) {
        return many > 0 && random.nextInt(many) == 0;
    }

    private synchronized int upTo(int bound) {
        return random.nextInt(bound + 1);
    }

    /** Passes the JDK's answer on: at once, or late. */
    private <V> CompletionHandler<V, @Nullable Void> delaying(
            CompletionHandler<V, @Nullable Void> handler) {
        if (!oneIn(5)) {
            return handler;
        }
        int micros = upTo(500);
        return new CompletionHandler<>() {
            @Override
            public void completed(V value, @Nullable Void attachment) {
                late.schedule(() -> handler.completed(value, null), micros, TimeUnit.MICROSECONDS);
            }

            @Override
            public void failed(Throwable failure, @Nullable Void attachment) {
                late.schedule(() -> handler.failed(failure, null), micros, TimeUnit.MICROSECONDS);
            }
        };
    }

    /** True if the call has failed already. Some failures are told twice, as the JDK's may be. */
    private <V> boolean fails(CompletionHandler<V, @Nullable Void> handler) {
        if (!oneIn(failOneIn)) {
            return false;
        }
        if (oneIn(2)) {
            handler.failed(new IOException("Connection reset by peer"), null);
        } else {
            handler.failed(new AssertionError("thrown by startPoll"), null);
            late.schedule(() -> handler.failed(new AsynchronousCloseException(), null),
                    upTo(500), TimeUnit.MICROSECONDS);
        }
        return true;
    }

    @Override
    public void accept(AsynchronousServerSocketChannel listener,
            CompletionHandler<AsynchronousSocketChannel, @Nullable Void> handler) {
        if (!fails(handler)) {
            DIRECT.accept(listener, delaying(handler));
        }
    }

    @Override
    public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
            CompletionHandler<Void, @Nullable Void> handler) {
        DIRECT.connect(channel, remote, delaying(handler));
    }

    @Override
    public void read(AsynchronousSocketChannel channel, ByteBuffer target,
            CompletionHandler<Integer, @Nullable Void> handler) {
        if (fails(handler)) {
            return;
        }
        if (oneIn(8)) {
            handler.completed(0, null);
            return;
        }
        int most = oneIn(2) ? target.remaining() : 1 + upTo(Math.min(100, target.remaining() - 1));
        DIRECT.read(channel, target.limit(target.position() + most), delaying(handler));
    }

    @Override
    public void write(AsynchronousSocketChannel channel, ByteBuffer source,
            CompletionHandler<Integer, @Nullable Void> handler) {
        if (fails(handler)) {
            return;
        }
        if (oneIn(8)) {
            handler.completed(0, null);
            return;
        }
        int most = oneIn(2) ? source.remaining() : 1 + upTo(source.remaining() - 1);
        DIRECT.write(channel, source.limit(source.position() + most), delaying(handler));
    }

    /** Half of those that are made are done late. */
    @Override
    public @Nullable Future<Integer> tryWrite(AsynchronousSocketChannel channel,
            ByteBuffer source) {
        if (oneIn(4)) {
            return null;
        }
        CompletableFuture<Integer> future = new CompletableFuture<>();
        write(channel, source, new CompletionHandler<>() {
            @Override
            public void completed(Integer count, @Nullable Void attachment) {
                future.complete(count);
            }

            @Override
            public void failed(Throwable failure, @Nullable Void attachment) {
                future.completeExceptionally(failure);
            }
        });
        return future;
    }
}
