package io.proactor.engine.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Non-blocking calls on an initiator's thread, before anything is initiated. The loop makes no call
 * in the same direction meanwhile, since nothing of it is pending. A channel that the loop closes
 * in between has nothing to give; the operation that is then initiated ends as it should.
 *
 * <p>The JDK copies by way of a direct buffer as large as what is left of a heap buffer, and keeps
 * it for the thread (sun.nio.ch.Util.getTemporaryDirectBuffer): hence one chunk per call.
 */
final class Attempt {

    /** Calls per write: enough for a megabyte of heap, about what a socket buffer takes. */
    private static final int CALLS_MAX = 16;

    private Attempt() {}

    /** One call: what a second one might say could not be told along with the bytes. */
    static int read(SelectorCalls calls, @Nullable SocketChannel channel, ByteBuffer target)
            throws IOException {
        if (channel == null) {
            return 0;
        }
        int limit = target.limit();
        target.limit(target.position() + chunk(target));
        try {
            return calls.read(channel, target);
        } catch (ClosedChannelException e) {
            return 0;
        } finally {
            target.limit(limit);
        }
    }

    static int write(SelectorCalls calls, @Nullable SocketChannel channel, ByteBuffer source)
            throws IOException {
        if (channel == null) {
            return 0;
        }
        int start = source.position();
        int limit = source.limit();
        try {
            for (int count = 0; count < CALLS_MAX && source.position() < limit; count++) {
                int offered = chunk(source);
                source.limit(source.position() + offered);
                int taken = calls.write(channel, source);
                source.limit(limit);
                if (taken < offered) {
                    break;
                }
            }
        } catch (IOException e) {
            if (source.position() == start && !(e instanceof ClosedChannelException)) {
                throw e;
            }
        } finally {
            source.limit(limit);
        }
        return source.position() - start;
    }

    static long write(SelectorCalls calls, @Nullable SocketChannel channel, ByteBuffer[] sources,
            int offset, int length) throws IOException {
        if (channel == null) {
            return 0;
        }
        try {
            return calls.write(channel, sources, offset, length);
        } catch (ClosedChannelException e) {
            return 0;
        }
    }

    private static int chunk(ByteBuffer buffer) {
        return buffer.isDirect() ? buffer.remaining()
                : Math.min(buffer.remaining(), ReadSide.HEAP_CHUNK_BYTES);
    }
}
