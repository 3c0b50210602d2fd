package io.proactor.provider;

import io.proactor.OperationTimedOutException;
import io.proactor.operation.AbortReason;
import io.proactor.operation.BoxedCounts;
import io.proactor.operation.OperationFailure;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.StreamHandle;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.WritePendingException;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The writes of a channel. A write is tried on the initiating thread first, and what the system
 * takes then is its result. If that is nothing, the processor writes when it can, and at most
 * {@link #PENDING_BYTES_MAX}: it completes a write only when all of it is out, while programs
 * expect progress of a large buffer to be told, each with a timeout of its own.
 *
 * <p>Threads: as {@link Incoming}.
 */
final class Outgoing implements CompletionHandler<Integer, @Nullable Void> {

    /** About what a socket that was full takes when it reports room again. */
    private static final int PENDING_BYTES_MAX = 131_072;

    /** Buffers per call: the least that every system allows (limits.h, IOV_MAX, is 1,024). */
    private static final int GATHER_MAX = 64;

    private final ProviderSocketChannel channel;
    private final StreamHandle handle;
    private final Outstanding<Number> outstanding;

    private volatile boolean killed;  // as of Incoming
    private volatile boolean ended;   // true exactly from the first shutdownOutput

    // Of the write that is outstanding.
    private boolean gathering;          // true exactly if its value is a Long
    private @Nullable ByteBuffer cut;   // whose limit was lowered, or null
    private int cutLimit;               // its limit before

    Outgoing(ProviderSocketChannel channel, StreamHandle handle, GroupThreads threads) {
        this.channel = channel;
        this.handle = handle;
        outstanding = new Outstanding<>(threads);
    }

    // ---- The initiator ------------------------------------------------------------------------

    /** Without a handler, returns a future. Its value is an {@code Integer}. */
    <A> @Nullable Future<Number> write(ByteBuffer source, long timeoutNanos,
            @Nullable A attachment, @Nullable CompletionHandler<Number, ? super A> handler) {
        PendingFuture<Number> future = begin(attachment, handler);
        gathering = false;
        if (ended) {
            finishHere(0, new ClosedChannelException());
        } else if (!source.hasRemaining()) {
            finishHere(0, null);
        } else {
            perform(source, null, timeoutNanos, future);
        }
        return future;
    }

    /** As with one buffer, but the value is a {@code Long}. */
    <A> void write(ByteBuffer[] sources, int offset, int length, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<Number, ? super A> handler) {
        begin(attachment, handler);
        gathering = true;
        int first = offset;
        while (first < offset + length && !sources[first].hasRemaining()) {
            first++;
        }
        if (ended) {
            finishHere(0, new ClosedChannelException());
        } else if (first == offset + length) {
            finishHere(0, null);
        } else {
            int count = countOf(sources, first, offset + length);
            if (count == 1) {
                perform(sources[first], null, timeoutNanos, null);
            } else {
                perform(null, Arrays.copyOfRange(sources, first, first + count), timeoutNanos,
                        null);
            }
        }
    }

    /** Either of the two is null. */
    private void perform(@Nullable ByteBuffer source, ByteBuffer @Nullable [] sources,
            long timeoutNanos, @Nullable PendingFuture<Number> future) {
        long taken;
        try {
            taken = source != null ? handle.tryWrite(source)
                    : handle.tryWrite(sources, 0, sources.length);
        } catch (Throwable e) {
            finishHere(0, JdkFailures.of(e, channel.isOpen()));
            return;
        }
        if (taken > 0) {
            finishHere(taken, null);
        } else {
            initiate(source, sources, timeoutNanos, future);
        }
    }

    /** Returns how many buffers make up one call: at least one. */
    private static int countOf(ByteBuffer[] sources, int first, int end) {
        int count = 1;
        long bytes = sources[first].remaining();
        while (first + count < end && count < GATHER_MAX
                && bytes + sources[first + count].remaining() <= PENDING_BYTES_MAX) {
            bytes += sources[first + count++].remaining();
        }
        return count;
    }

    private <A> @Nullable PendingFuture<Number> begin(@Nullable A attachment,
            @Nullable CompletionHandler<Number, ? super A> handler) {
        channel.requireConnected();
        if (killed) {
            throw new IllegalStateException(
                    "Writing is not allowed after a timeout or a cancellation.");
        }
        if (!outstanding.begin()) {
            throw new WritePendingException();
        }
        return outstanding.expect(attachment, handler, this::onCancel);
    }

    /** Either of the two is null. */
    private void initiate(@Nullable ByteBuffer source, ByteBuffer @Nullable [] sources,
            long timeoutNanos, @Nullable PendingFuture<Number> future) {
        if (source != null) {
            cut(source);
        }
        long bytes = source != null ? source.remaining() : WriteOperation.remaining(sources);
        handle.book(bytes);
        WriteOperation write = null;
        try {
            write = handle.takeWrite();
        } catch (RejectedExecutionException e) {
            // The group is at its end, and the channel is closed.
        } finally {
            if (write == null) {
                handle.unreserve(bytes);
            }
        }
        if (write == null) {
            finishHere(0, new AsynchronousCloseException());
            return;
        }
        if (source != null) {
            write.prepare(source, timeoutNanos, null, this);
        } else {
            write.prepare(sources, timeoutNanos, null, this);
        }
        if (future != null) {
            future.operationId(write.id());
        }
        try {
            handle.initiate(write);
        } catch (RejectedExecutionException e) {
            finishHere(0, new AsynchronousCloseException());
        }
    }

    private void cut(ByteBuffer source) {
        if (source.remaining() > PENDING_BYTES_MAX) {
            cut = source;
            cutLimit = source.limit();
            source.limit(source.position() + PENDING_BYTES_MAX);
        }
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** The peer reads the end of the stream behind what is pending. Later writes fail. */
    void shutdown() {
        ended = true;
        handle.shutdownOutput();
    }

    private void onCancel(long operationId, boolean mayInterruptIfRunning) {
        killed = true;
        handle.context().operations().abort(operationId, handle, AbortReason.CANCELLED);
        if (mayInterruptIfRunning) {
            channel.closeQuietly();
        }
    }

    // ---- The processor's thread ---------------------------------------------------------------

    @Override
    public void completed(Integer count, @Nullable Void none) {
        finish(count, null);
    }

    @Override
    public void failed(Throwable failure, @Nullable Void none) {
        long moved = failure instanceof OperationFailure known ? known.bytesMoved() : 0;
        if (moved > 0 && channel.isOpen()) {
            // A short write, as far as the user sees; what the system said, it says again.
            finish(moved, null);
            return;
        }
        if (failure instanceof OperationTimedOutException && !channel.keepsAfterTimeout()) {
            killed = true;
        }
        finish(0, JdkFailures.of(failure, channel.isOpen()));
    }

    private void finish(long count, @Nullable Throwable cause) {
        uncut();
        outstanding.finish(valueOf(count), cause);
    }

    private void finishHere(long count, @Nullable Throwable cause) {
        uncut();
        outstanding.finishHere(valueOf(count), cause);
    }

    private void uncut() {
        ByteBuffer source = cut;
        if (source != null) {
            cut = null;
            source.limit(cutLimit);
        }
    }

    private Number valueOf(long count) {
        return gathering ? (Number) Long.valueOf(count) : (Number) BoxedCounts.of(count);
    }
}
