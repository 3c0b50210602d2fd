package io.proactor.engine.queue;

import io.proactor.contract.Faults;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Calls that fail, move less than they could, or nothing, as {@link Faults} says. */
final class FaultySelectorCalls implements SelectorCalls {

    private final Faults faults;

    FaultySelectorCalls(Faults faults) {
        this.faults = faults;
    }

    @Override
    public @Nullable SocketChannel accept(ServerSocketChannel listener) throws IOException {
        throwUnlessNull(faults.onAccept());
        return DIRECT.accept(listener);
    }

    @Override
    public boolean connect(SocketChannel channel, SocketAddress remote) throws IOException {
        throwUnlessNull(faults.onConnect());
        return DIRECT.connect(channel, remote);
    }

    @Override
    public boolean finishConnect(SocketChannel channel) throws IOException {
        return DIRECT.finishConnect(channel);
    }

    @Override
    public int read(SocketChannel channel, ByteBuffer target) throws IOException {
        int limit = target.limit();
        int allowed = faults.onRead(target.remaining());
        if (allowed == 0) {
            return 0;
        }
        target.limit(target.position() + allowed);
        try {
            return DIRECT.read(channel, target);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public int write(SocketChannel channel, ByteBuffer source) throws IOException {
        int limit = source.limit();
        source.limit(source.position() + faults.onWrite(source.remaining()));
        try {
            return DIRECT.write(channel, source);
        } finally {
            source.limit(limit);
        }
    }

    /** Writes of the first source only, as much as is allowed: the shortest of short writes. */
    @Override
    public long write(SocketChannel channel, ByteBuffer[] sources, int offset, int length)
            throws IOException {
        int first = offset;
        while (first < offset + length - 1 && !sources[first].hasRemaining()) {
            first++;
        }
        return write(channel, sources[first]);
    }

    @Override
    public long transfer(FileChannel file, long position, long count, SocketChannel channel)
            throws IOException {
        int asked = (int) Math.min(count, Integer.MAX_VALUE);
        return DIRECT.transfer(file, position, faults.onWrite(asked), channel);
    }

    private static void throwUnlessNull(@Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
    }
}
