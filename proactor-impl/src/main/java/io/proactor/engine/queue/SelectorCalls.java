package io.proactor.engine.queue;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The non-blocking calls through which this processor reaches the system, so that tests can put
 * faults between. Each is called on the thread of the loop that the channel belongs to, but for
 * the reads and writes that an initiator tries itself.
 */
interface SelectorCalls {

    /** Straight to the JDK. */
    SelectorCalls DIRECT = new SelectorCalls() {
        @Override
        public @Nullable SocketChannel accept(ServerSocketChannel listener) throws IOException {
            return listener.accept();
        }

        @Override
        public boolean connect(SocketChannel channel, SocketAddress remote) throws IOException {
            return channel.connect(remote);
        }

        @Override
        public boolean finishConnect(SocketChannel channel) throws IOException {
            return channel.finishConnect();
        }

        @Override
        public int read(SocketChannel channel, ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public int write(SocketChannel channel, ByteBuffer source) throws IOException {
            return channel.write(source);
        }

        @Override
        public long write(SocketChannel channel, ByteBuffer[] sources, int offset, int length)
                throws IOException {
            return channel.write(sources, offset, length);
        }

        @Override
        public long transfer(FileChannel file, long position, long count, SocketChannel channel)
                throws IOException {
            return file.transferTo(position, count, channel);
        }
    };

    /** Returns null if no connection waits. */
    @Nullable SocketChannel accept(ServerSocketChannel listener) throws IOException;

    /** Returns false if the connection is not made yet. */
    boolean connect(SocketChannel channel, SocketAddress remote) throws IOException;

    /** Returns false if the connection is not made yet. */
    boolean finishConnect(SocketChannel channel) throws IOException;

    /** Returns 0 if nothing is there, -1 at end of stream. */
    int read(SocketChannel channel, ByteBuffer target) throws IOException;

    /** Returns how many bytes the system took. */
    int write(SocketChannel channel, ByteBuffer source) throws IOException;

    /** Returns how many bytes the system took, of all of the sources in order. */
    long write(SocketChannel channel, ByteBuffer[] sources, int offset, int length)
            throws IOException;

    /** Returns how many bytes the system took; 0 also at the end of the file. */
    long transfer(FileChannel file, long position, long count, SocketChannel channel)
            throws IOException;
}
