package io.proactor.operation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A write of all the bytes of one buffer, or of several, in order; or of a region of a file between
 * two buffers.
 */
public final class WriteOperation extends AsynchronousOperation {

    private @Nullable ByteBuffer source;       // the only one, or null if there are sources
    private ByteBuffer @Nullable [] sources;
    private int index;                         // of the first source with bytes left
    private long bytesTotal;
    private long bytesQueued;
    private long bytesMoved;
    private @Nullable ReceiveBuffer pinned;    // what the source belongs to, if that is leased

    // A file region stands between the first and the second of two sources.
    private @Nullable FileSource file;         // held until this is retired
    private long filePosition;                 // of the first byte that is not moved yet
    private long fileBytes;                    // not moved yet

    /** For processors: from a free list. */
    public WriteOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return file == null ? Kind.WRITE : Kind.SEND_FILE;
    }

    /** The initiator, as soon as it has claimed the operation: what is booked for it. */
    public void booked(long bytes) {
        bytesQueued = bytes;
    }

    /** The initiator. A write of all that remains in {@code source}. */
    public <A> void prepare(ByteBuffer source, long timeoutNanos, @Nullable A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
        this.source = source;
        bytesTotal = source.remaining();
        bytesQueued = bytesTotal;
        bytesMoved = 0;
    }

    /**
     * The initiator, after it has prepared a write of leased bytes and pinned them. The pin is
     * taken away when the write is retired.
     */
    public void pinned(ReceiveBuffer buffer) {
        pinned = buffer;
    }

    /** The processor: where the first byte of the leased memory lies; 0 if that is not known. */
    public long pinnedAddress() {
        return pinned == null ? 0 : pinned.address();
    }

    /** The initiator. A write of all that remains in {@code sources}, which is not copied. */
    public <A> void prepare(ByteBuffer[] sources, long timeoutNanos, @Nullable A attachment,
            CompletionHandler<? super Integer, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
        this.sources = sources;
        index = 0;
        bytesTotal = remaining(sources);
        bytesQueued = bytesTotal;
        bytesMoved = 0;
    }

    /**
     * The initiator. A write of {@code header}, then {@code count} bytes of a file, then {@code
     * trailer}.
     *
     * @param file is held, and let go when the write is retired
     */
    public <A> void prepare(ByteBuffer header, FileSource file, long position, long count,
            ByteBuffer trailer, long timeoutNanos, @Nullable A attachment,
            CompletionHandler<? super Long, ? super A> handler) {
        assert position >= 0;
        assert count >= 0;
        prepare(attachment, handler, timeoutNanos);
        sources = new ByteBuffer[] {header, trailer};
        index = 0;
        this.file = file;
        filePosition = position;
        fileBytes = count;
        bytesQueued = (long) header.remaining() + trailer.remaining();
        bytesTotal = bytesQueued + count;
        bytesMoved = 0;
    }

    /** Returns the number of bytes that remain in all of {@code sources}. */
    public static long remaining(ByteBuffer[] sources) {
        long total = 0;
        for (ByteBuffer each : sources) {
            total += each.remaining();
        }
        return total;
    }

    /**
     * The processor. True if the next byte to move is one of a file. What comes before it or behind
     * it is moved as of any write with several sources, the header by itself.
     */
    public boolean fileNext() {
        return fileBytes > 0 && !sources()[0].hasRemaining();
    }

    /** The processor, {@link #fileNext}. Returns the file, which may be closed meanwhile. */
    public FileSource file() {
        assert file != null;
        return file;
    }

    /** The processor, {@link #fileNext}, if it opens files in no way of its own. */
    public FileChannel fileChannel() {
        return ((ChannelFile) file()).channel();
    }

    /** The processor, {@link #fileNext}. Returns where in the file the next byte is. */
    public long filePosition() {
        return filePosition;
    }

    /** The processor. Returns how many bytes of the file have not been moved. */
    public long fileBytes() {
        return fileBytes;
    }

    /**
     * The processor, {@link #fileNext}. Reads the next bytes of the channel, and books none. An
     * interrupt of the thread, which may be that of a handler, would close the file for all who use
     * it (java.nio.channels.InterruptibleChannel); it is kept for later.
     *
     * @return how many bytes were read; -1 at the end of the file
     */
    public int readFile(ByteBuffer target) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return fileChannel().read(target, filePosition);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The processor. Books {@code count} more bytes of the file; true if that was all. */
    public boolean advanceFile(long count) {
        assert fileNext();
        assert count <= fileBytes;
        filePosition += count;
        fileBytes -= count;
        return advance(count);
    }

    /** The processor. Returns the only source, or null if there are several. */
    public @Nullable ByteBuffer source() {
        return source;
    }

    /** The processor. Returns the sources; the ones before {@link #index} are used up. */
    public ByteBuffer[] sources() {
        assert sources != null;
        return sources;
    }

    /**
     * The processor. Returns the number of sources that may go out now: all, or those before the
     * file.
     */
    public int sourcesNow() {
        return fileBytes > 0 ? 1 : sources().length;
    }

    /** The processor. Returns the index of the first source with bytes left, or the length. */
    public int index() {
        ByteBuffer[] sources = sources();
        while (index < sources.length && !sources[index].hasRemaining()) {
            index++;
        }
        return index;
    }

    /** The processor. Copies the next bytes into {@code chunk}; the sources move on. */
    public void drainTo(ByteBuffer chunk) {
        if (source != null) {
            copy(source, chunk);
        } else {
            while (chunk.hasRemaining() && index() < sourcesNow()) {
                copy(sources()[index], chunk);
            }
        }
    }

    private static void copy(ByteBuffer from, ByteBuffer chunk) {
        int count = Math.min(from.remaining(), chunk.remaining());
        chunk.put(chunk.position(), from, from.position(), count);
        chunk.position(chunk.position() + count);
        from.position(from.position() + count);
    }

    /** The processor. Returns the number of bytes that the sources had at the initiation. */
    public long bytesTotal() {
        return bytesTotal;
    }

    /** Returns the number of bytes that its buffers had at the initiation, without a file's. */
    public long bytesQueued() {
        return bytesQueued;
    }

    /** The processor. Returns the number of bytes that are, or will be, on the stream. */
    public long bytesMoved() {
        return bytesMoved;
    }

    /** The processor. Books {@code count} more bytes; true if that was all. */
    public boolean advance(long count) {
        assert count >= 0;
        bytesMoved += count;
        assert bytesMoved <= bytesTotal;
        return bytesMoved == bytesTotal;
    }

    @Override
    Object value() {
        assert bytesMoved == bytesTotal;
        if (file != null) {
            return bytesMoved;
        }
        return BoxedCounts.of(bytesMoved);
    }

    @Override
    void forgetArguments() {
        if (pinned != null) {
            pinned.unpin();
            pinned = null;
        }
        if (file != null) {
            file.letGo();
            file = null;
        }
        fileBytes = 0;
        source = null;
        sources = null;
    }
}
