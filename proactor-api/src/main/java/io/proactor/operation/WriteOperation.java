package io.proactor.operation;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** A write of all the bytes of one buffer, or of several, in order. */
public final class WriteOperation extends AsynchronousOperation {

    private @Nullable ByteBuffer source;       // the only one, or null if there are sources
    private ByteBuffer @Nullable [] sources;
    private int index;                         // of the first source with bytes left
    private long bytesTotal;
    private long bytesMoved;

    /** For processors: from a free list. */
    public WriteOperation(OperationOwner owner, OperationTable table) {
        super(owner, table);
    }

    @Override
    public Kind kind() {
        return Kind.WRITE;
    }

    /** The initiator. A write of all that remains in {@code source}. */
    public <A> void prepare(ByteBuffer source, long timeoutNanos, @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
        this.source = source;
        bytesTotal = source.remaining();
        bytesMoved = 0;
    }

    /** The initiator. A write of all that remains in {@code sources}, which is not copied. */
    public <A> void prepare(ByteBuffer[] sources, long timeoutNanos, @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        prepare(attachment, handler, timeoutNanos);
        this.sources = sources;
        index = 0;
        bytesTotal = remaining(sources);
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

    /** The processor. Returns the only source, or null if there are several. */
    public @Nullable ByteBuffer source() {
        return source;
    }

    /** The processor. Returns the sources; the ones before {@link #index} are used up. */
    public ByteBuffer[] sources() {
        assert sources != null;
        return sources;
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
            while (chunk.hasRemaining() && index() < sources().length) {
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
    Integer value() {
        assert bytesMoved == bytesTotal;
        return BoxedCounts.of(bytesMoved);
    }

    @Override
    void forgetArguments() {
        source = null;
        sources = null;
    }
}
