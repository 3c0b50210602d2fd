package io.proactor.engine.nio2;

import io.proactor.operation.WriteOperation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a write come from: one buffer, several, or a file between two. To copy bytes
 * and to move on behind them are two steps, because a write may end between them.
 *
 * <p>Threads: the holder's. A file is read there too, so a slow disk keeps one connection, and the
 * thread that happens to act for it, waiting.
 */
final class WriteSources {

    private WriteSources() {}

    /**
     * Copies what fits of the bytes that have not been {@linkplain #book booked}.
     *
     * @return why there is less than there should be, if a file is to blame; else null
     */
    static @Nullable Throwable copy(WriteOperation write, ByteBuffer target) {
        ByteBuffer single = write.source();
        if (single != null) {
            copy(single, target);
            return null;
        }
        ByteBuffer[] sources = write.sources();
        int first = write.index();
        int beforeFile = write.sourcesNow();
        for (int i = first; i < beforeFile && target.hasRemaining(); i++) {
            copy(sources[i], target);
        }
        if (write.fileBytes() > 0) {
            Throwable failure = copyFile(write, target);
            if (failure != null) {
                return failure;
            }
        }
        for (int i = Math.max(first, beforeFile); i < sources.length && target.hasRemaining();
                i++) {
            copy(sources[i], target);
        }
        return null;
    }

    private static void copy(ByteBuffer from, ByteBuffer target) {
        int bytes = Math.min(from.remaining(), target.remaining());
        target.put(target.position(), from, from.position(), bytes);
        target.position(target.position() + bytes);
    }

    private static @Nullable Throwable copyFile(WriteOperation write, ByteBuffer target) {
        int room = target.limit();
        target.limit(target.position() + (int) Math.min(target.remaining(), write.fileBytes()));
        // An interrupt would close the file (java.nio.channels.InterruptibleChannel), and the
        // holder may be any thread of the application's.
        boolean interrupted = Thread.interrupted();
        try {
            return read(write, target);
        } finally {
            target.limit(room);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static @Nullable Throwable read(WriteOperation write, ByteBuffer target) {
        long position = write.filePosition();
        try {
            while (target.hasRemaining()) {
                int count = write.fileChannel().read(target, position);
                if (count <= 0) {
                    return new EOFException("The file ends at " + position + ".");
                }
                position += count;
            }
            return null;
        } catch (IOException | NonReadableChannelException e) {
            return e;
        }
    }

    /** Moves on over bytes that are, or will be, on the stream. */
    static void book(WriteOperation write, int bytes) {
        ByteBuffer single = write.source();
        if (single != null) {
            single.position(single.position() + bytes);
            write.advance(bytes);
            return;
        }
        int rest = bytes;
        while (rest > 0) {
            int some;
            if (write.fileNext()) {
                some = (int) Math.min(rest, write.fileBytes());
                write.advanceFile(some);
            } else {
                ByteBuffer source = write.sources()[write.index()];
                some = Math.min(rest, source.remaining());
                source.position(source.position() + some);
                write.advance(some);
            }
            rest -= some;
        }
    }
}
