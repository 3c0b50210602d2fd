package io.proactor.engine.nio2;

import io.proactor.contract.Faults;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Calls that fail, move less than they could, or nothing, as {@link Faults} says. A fault is
 * reported inside the call, as the JDK may do; the JDK never moves nothing, and the processor must
 * bear it.
 */
final class FaultyNio2Calls implements Nio2Calls {

    private final Faults faults;

    FaultyNio2Calls(Faults faults) {
        this.faults = faults;
    }

    @Override
    public void accept(AsynchronousServerSocketChannel listener,
            CompletionHandler<AsynchronousSocketChannel, @Nullable Void> handler) {
        IOException failure = faults.onAccept();
        if (failure != null) {
            handler.failed(failure, null);
        } else {
            DIRECT.accept(listener, handler);
        }
    }

    @Override
    public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
            CompletionHandler<Void, @Nullable Void> handler) {
        IOException failure = faults.onConnect();
        if (failure != null) {
            handler.failed(failure, null);
        } else {
            DIRECT.connect(channel, remote, handler);
        }
    }

    @Override
    public void read(AsynchronousSocketChannel channel, ByteBuffer target,
            CompletionHandler<Integer, @Nullable Void> handler) {
        try {
            int allowed = faults.onRead(target.remaining());
            if (allowed == 0) {
                handler.completed(0, null);
            } else {
                DIRECT.read(channel, target.limit(target.position() + allowed), handler);
            }
        } catch (IOException failure) {
            handler.failed(failure, null);
        }
    }

    @Override
    public void write(AsynchronousSocketChannel channel, ByteBuffer source,
            CompletionHandler<Integer, @Nullable Void> handler) {
        try {
            int allowed = faults.onWrite(source.remaining());
            if (allowed == 0) {
                handler.completed(0, null);
            } else {
                DIRECT.write(channel, source.limit(source.position() + allowed), handler);
            }
        } catch (IOException failure) {
            handler.failed(failure, null);
        }
    }

    @Override
    public @Nullable Future<Integer> tryWrite(AsynchronousSocketChannel channel,
            ByteBuffer source) {
        if (COMPLETION_PORT) {
            return null;
        }
        try {
            int allowed = faults.onWrite(source.remaining());
            return allowed == 0 ? CompletableFuture.completedFuture(0)
                    : DIRECT.tryWrite(channel, source.limit(source.position() + allowed));
        } catch (IOException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }
}
