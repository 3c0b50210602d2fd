package io.proactor.engine.nio2;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous calls through which this processor reaches the system, so that tests can put
 * faults between. Each is made by the holder of the handle that the channel belongs to; the handler
 * may be called inside the call.
 */
interface Nio2Calls {

    /** Straight to the JDK. */
    Nio2Calls DIRECT = new Nio2Calls() {
        @Override
        public void accept(AsynchronousServerSocketChannel listener,
                CompletionHandler<AsynchronousSocketChannel, @Nullable Void> handler) {
            listener.accept(null, handler);
        }

        @Override
        public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
                CompletionHandler<Void, @Nullable Void> handler) {
            channel.connect(remote, null, handler);
        }

        @Override
        public void read(AsynchronousSocketChannel channel, ByteBuffer target,
                CompletionHandler<Integer, @Nullable Void> handler) {
            channel.read(target, null, handler);
        }

        @Override
        public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                CompletionHandler<Integer, @Nullable Void> handler) {
            channel.write(source, null, handler);
        }

        @Override
        public @Nullable Future<Integer> tryWrite(AsynchronousSocketChannel channel,
                ByteBuffer source) {
            return COMPLETION_PORT ? null : channel.write(source);
        }
    };

    /** On Windows no write is done at once: the system tells its end through the group. */
    boolean COMPLETION_PORT = System.getProperty("os.name").startsWith("Windows");

    void accept(AsynchronousServerSocketChannel listener,
            CompletionHandler<AsynchronousSocketChannel, @Nullable Void> handler);

    void connect(AsynchronousSocketChannel channel, SocketAddress remote,
            CompletionHandler<Void, @Nullable Void> handler);

    /** The result is the number of bytes read, -1 at end of stream. */
    void read(AsynchronousSocketChannel channel, ByteBuffer target,
            CompletionHandler<Integer, @Nullable Void> handler);

    /** The result is the number of bytes that the system took. */
    void write(AsynchronousSocketChannel channel, ByteBuffer source,
            CompletionHandler<Integer, @Nullable Void> handler);

    /**
     * Makes a write on the calling thread, if that can be.
     *
     * @return the number of bytes that the system took: done at once, if it took any; or null, if
     *     this is not to be had and nothing was done
     */
    default @Nullable Future<Integer> tryWrite(AsynchronousSocketChannel channel,
            ByteBuffer source) {
        return null;
    }
}
