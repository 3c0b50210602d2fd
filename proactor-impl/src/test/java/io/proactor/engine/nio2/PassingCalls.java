package io.proactor.engine.nio2;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** Calls that go straight to the JDK; a test overrides the ones that it is about. */
class PassingCalls implements Nio2Calls {

    @Override
    public void accept(AsynchronousServerSocketChannel listener,
            CompletionHandler<AsynchronousSocketChannel, @Nullable Void> handler) {
        DIRECT.accept(listener, handler);
    }

    @Override
    public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
            CompletionHandler<Void, @Nullable Void> handler) {
        DIRECT.connect(channel, remote, handler);
    }

    @Override
    public void read(AsynchronousSocketChannel channel, ByteBuffer target,
            CompletionHandler<Integer, @Nullable Void> handler) {
        DIRECT.read(channel, target, handler);
    }

    @Override
    public void write(AsynchronousSocketChannel channel, ByteBuffer source,
            CompletionHandler<Integer, @Nullable Void> handler) {
        DIRECT.write(channel, source, handler);
    }
}
