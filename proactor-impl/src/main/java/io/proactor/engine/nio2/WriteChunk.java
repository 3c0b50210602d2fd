package io.proactor.engine.nio2;

import io.proactor.TransferFailedException;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.operation.AbortReason;
import io.proactor.operation.WriteOperation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The copy of bytes that is on its way out, and the writes that they belong to. A chunk takes bytes
 * of one large write or of many small ones; a write that has got its place in a chunk has started.
 *
 * <p>The sources are not moved when they are copied but when the system has taken the bytes, or
 * when their write ends and leaves its bytes in the chunk to go out. So at every moment a source's
 * position and {@link WriteOperation#bytesMoved} say the same, and it is what handlers are told.
 *
 * <p>Threads: the holder's. While a physical write is in flight, the buffer is the JDK's; the rest
 * is the holder's even then.
 */
final class WriteChunk {

    /** Writes per chunk. 32 messages of 512 bytes fill a small buffer. */
    private static final int WRITES_MAX = 32;

    private final Nio2StreamHandle handle;
    private final DirectBuffers small;
    private final DirectBuffers large;

    // The first count of each: a write, or null if it has ended and left its bytes here; and how
    // many bytes in the chunk are its own and have not been taken. Only the last write may have
    // more bytes than are in the chunk; it stays, with 0, when the chunk is out.
    private final @Nullable WriteOperation[] writes = new WriteOperation[WRITES_MAX];
    private final int[] parts = new int[WRITES_MAX];
    private int count;

    private @Nullable ByteBuffer buffer;  // null exactly if no byte of the chunk is left
    private int filled;                   // bytes that were copied into it
    private int left;                     // of these, not taken by the system: the sum of parts

    WriteChunk(Nio2StreamHandle handle, DirectBuffers small, DirectBuffers large) {
        this.handle = handle;
        this.small = small;
        this.large = large;
    }

    /** True if no byte is left and no write has started. */
    boolean isEmpty() {
        return count == 0 && left == 0;
    }

    /** Returns the number of bytes that have to go out before the next write may start. */
    int left() {
        return left;
    }

    /** Returns the bytes that are to go out. There are some. */
    ByteBuffer buffer() {
        assert buffer != null;
        assert left > 0;
        return buffer.limit(filled).position(filled - left);
    }

    /** Starts as many writes of {@code lane} as there is room for; no byte may be left. */
    void fill(OperationLane<WriteOperation> lane) {
        assert left == 0;
        if (count > 0 && writes[0] == null) {
            count = 0;
        }
        assert count <= 1;
        WriteOperation write = count == 1 ? writes[0] : lane.head();
        if (write == null) {
            return;
        }
        ByteBuffer target = borrow(write);
        boolean whole = true;
        if (count == 1) {
            whole = copy(0, target);
        }
        while (whole && !lane.isEmpty() && count < WRITES_MAX && target.hasRemaining()) {
            whole = start(lane.remove(), target);
        }
        filled = target.position();
        left = filled;
        buffer = target;
        if (left == 0) {
            release(true);
        }
        assert invariants();
    }

    /** The system has taken bytes: writes that are out complete. */
    void taken(int bytes) {
        assert bytes >= 0;
        assert bytes <= left;
        left -= bytes;
        if (left == 0) {
            release(true);
        }
        int share = bytes;
        int done = 0;
        while (done < count) {
            int part = Math.min(share, parts[done]);
            share -= part;
            parts[done] -= part;
            WriteOperation write = writes[done];
            if (write != null) {
                WriteSources.book(write, part);
            }
            if (parts[done] > 0 || write != null && write.bytesMoved() < write.bytesTotal()) {
                break;
            }
            if (write != null) {
                handle.finish(write, null);
            }
            done++;
        }
        drop(done);
        assert invariants();
    }

    /** Ends the writes that were aborted. Their bytes in the chunk go out all the same. */
    void endAborted() {
        for (int i = 0; i < count; i++) {
            WriteOperation write = writes[i];
            AbortReason reason = write == null ? null : write.aborting();
            if (write != null && reason != null) {
                WriteSources.book(write, parts[i]);
                writes[i] = null;
                handle.finish(write, Failures.aborted(reason, write.bytesMoved()));
            }
        }
        assert invariants();
    }

    /** Ends all writes; the bytes in the chunk do not go out. No physical write is in flight. */
    void end(@Nullable Throwable failure, boolean trusted) {
        for (int i = 0; i < count; i++) {
            WriteOperation write = writes[i];
            if (write != null) {
                handle.finish(write, failure != null
                        ? Failures.transfer(failure, write.bytesMoved())
                        : handle.endOf(write, write.bytesMoved()));
            }
        }
        drop(count);
        left = 0;
        release(trusted);
        assert invariants();
    }

    // ---- Private ------------------------------------------------------------------------------

    /** Returns a small buffer if that is enough for all that the first write has left. */
    private ByteBuffer borrow(WriteOperation first) {
        boolean little = first.bytesTotal() - first.bytesMoved() <= small.bytes();
        return (little ? small : large).borrow();
    }

    private void release(boolean trusted) {
        ByteBuffer mine = buffer;
        if (mine != null) {
            buffer = null;
            DirectBuffers from = mine.capacity() == small.bytes() ? small : large;
            if (trusted) {
                from.giveBack(mine);
            } else {
                from.abandoned();
            }
        }
    }

    /** True if the whole write is in the chunk, so that the next one may follow. */
    private boolean start(WriteOperation write, ByteBuffer target) {
        AbortReason reason = write.aborting();
        if (reason != null) {
            handle.finish(write, Failures.aborted(reason, 0));
            return true;
        }
        writes[count++] = write;
        return copy(count - 1, target);
    }

    /** Copies what fits of a write. True if that is all it has, or all that it will ever have. */
    private boolean copy(int index, ByteBuffer target) {
        WriteOperation write = writes[index];
        assert write != null;
        int before = target.position();
        Throwable failure = WriteSources.copy(write, target);
        parts[index] = target.position() - before;
        long missing = write.bytesTotal() - write.bytesMoved() - parts[index];
        if (failure == null && missing > 0 && target.hasRemaining()) {
            // The handler is told; there is nobody else to whom this could be said.
            failure = new IllegalStateException(
                    "A source was changed while its write was pending.");
        }
        if (failure != null) {
            leave(index, failure);
            return true;
        }
        return missing == 0;
    }

    /** Ends a write that cannot go on. What it has in the chunk goes out all the same. */
    private void leave(int index, Throwable failure) {
        WriteOperation write = writes[index];
        assert write != null;
        WriteSources.book(write, parts[index]);
        writes[index] = null;
        handle.finish(write, new TransferFailedException(write.bytesMoved(), failure));
    }

    private void drop(int done) {
        int kept = count - done;
        System.arraycopy(writes, done, writes, 0, kept);
        System.arraycopy(parts, done, parts, 0, kept);
        for (int i = kept; i < count; i++) {
            writes[i] = null;
        }
        count = kept;
    }

    private boolean invariants() {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += parts[i];
            assert parts[i] >= 0;
        }
        assert sum == left;
        assert (buffer == null) == (left == 0);
        return true;
    }
}
