package io.proactor.provider;

import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.operation.AbortReason;
import io.proactor.operation.BoxedCounts;
import io.proactor.operation.ReadOperation;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ReadPendingException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a channel. A read is tried on the initiating thread first; what is not there is
 * waited for by the processor, in the first buffer that has room.
 *
 * <p>Threads: initiators, one at a time while {@code outstanding} is taken; then the processor's,
 * which calls {@link #completed} or {@link #failed}.
 */
final class Incoming implements CompletionHandler<Integer, @Nullable Void> {

    /** What a processor moves into a heap buffer in one call, at the least, if it is there. */
    private static final int CHUNK_BYTES = 65_536;

    /** Calls per read, so that a peer that never stops sending does not keep the thread. */
    private static final int CALLS_MAX = 16;

    private final ProviderSocketChannel channel;
    private final StreamHandle handle;
    private final Outstanding<Number> outstanding;

    // True exactly from a timeout or a cancel: bytes may have been meant for somebody who no longer
    // looks. Any thread sets it.
    private volatile boolean killed;

    // True exactly from the first shutdownInput. Any thread sets it.
    private volatile boolean ended;

    // The buffers of the read that is outstanding; one is single or several is not null.
    private @Nullable ByteBuffer single;
    private ByteBuffer @Nullable [] several;
    private int index;  // of the buffer of several that is filled next
    private int end;    // behind the last one

    // What the system said behind the bytes of the last read; the next one ends with it.
    private @Nullable IOException late;

    Incoming(ProviderSocketChannel channel, StreamHandle handle, GroupThreads threads) {
        this.channel = channel;
        this.handle = handle;
        outstanding = new Outstanding<>(threads);
    }

    // ---- The initiator ------------------------------------------------------------------------

    /** Without a handler, returns a future. Its value is an {@code Integer}. */
    <A> @Nullable Future<Number> read(ByteBuffer target, long timeoutNanos, @Nullable A attachment,
            @Nullable CompletionHandler<Number, ? super A> handler) {
        PendingFuture<Number> future = begin(attachment, handler);
        single = target;
        return perform(target.hasRemaining(), timeoutNanos, future);
    }

    /** As with one buffer, but the value is a {@code Long}. */
    <A> void read(ByteBuffer[] targets, int offset, int length, long timeoutNanos,
            @Nullable A attachment, CompletionHandler<Number, ? super A> handler) {
        begin(attachment, handler);
        several = targets.clone();  // may be changed by the caller meanwhile
        index = offset;
        end = offset + length;
        perform(nextTarget() != null, timeoutNanos, null);
    }

    private <A> @Nullable PendingFuture<Number> begin(@Nullable A attachment,
            @Nullable CompletionHandler<Number, ? super A> handler) {
        channel.requireConnected();
        if (killed) {
            throw new IllegalStateException(
                    "Reading is not allowed after a timeout or a cancellation.");
        }
        if (!outstanding.begin()) {
            throw new ReadPendingException();
        }
        return outstanding.expect(attachment, handler, this::onCancel);
    }

    private @Nullable PendingFuture<Number> perform(boolean room, long timeoutNanos,
            @Nullable PendingFuture<Number> future) {
        Throwable failure = late;
        if (ended) {
            finishHere(-1, null);
        } else if (failure != null) {
            late = null;
            finishHere(0, JdkFailures.of(failure, channel.isOpen()));
        } else if (!room) {
            finishHere(0, null);
        } else {
            initiate(timeoutNanos, future);
        }
        return future;
    }

    private void initiate(long timeoutNanos, @Nullable PendingFuture<Number> future) {
        ReadOperation read = handle.read();
        if (!claimed(read)) {
            finishHere(0, new AsynchronousCloseException());
            return;
        }
        long count;
        try {
            count = attempt(0);
        } catch (Throwable e) {
            handle.abandon(read);
            finishHere(0, JdkFailures.of(e, channel.isOpen()));
            return;
        }
        if (count != 0) {
            handle.abandon(read);
            // What a call on a socket finds that is being closed is no end of the stream.
            finishHere(count, count < 0 && !channel.isOpen() ? new AsynchronousCloseException()
                    : null);
            return;
        }
        ByteBuffer target = nextTarget();
        assert target != null;
        read.prepare(target, 1, timeoutNanos, null, this);
        long id = read.id();
        if (future != null) {
            future.operationId(id);
        }
        try {
            handle.initiate(read);
        } catch (RejectedExecutionException e) {
            finishHere(0, new AsynchronousCloseException());
            return;
        }
        if (ended) {
            read.abort(id, AbortReason.CANCELLED);  // the shutdown may have looked too early
        }
    }

    /** False if the handle is at its end. */
    private boolean claimed(ReadOperation read) {
        try {
            return handle.claim(read);
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /**
     * Whoever has claimed the read. Moves what is there into the buffers.
     *
     * @param before bytes that are there already: behind bytes, an end or a failure is for later
     * @return the bytes with those before; -1 at the end of the stream
     */
    private long attempt(long before) throws IOException {
        long sum = before;
        ByteBuffer target = nextTarget();
        for (int calls = 0; target != null && calls < CALLS_MAX; calls++) {
            int count;
            try {
                count = handle.tryRead(target);
            } catch (IOException e) {
                if (sum == 0) {
                    throw e;
                }
                late = e;
                return sum;
            }
            if (count < 0) {
                return sum == 0 ? -1 : sum;
            }
            sum += count;
            if (target.hasRemaining() && count < CHUNK_BYTES) {
                break;  // nothing more is there
            }
            target = nextTarget();
        }
        return sum;
    }

    /** Returns the first buffer with room, or null. */
    private @Nullable ByteBuffer nextTarget() {
        ByteBuffer[] targets = several;
        if (targets == null) {
            return single != null && single.hasRemaining() ? single : null;
        }
        while (index < end && !targets[index].hasRemaining()) {
            index++;
        }
        return index < end ? targets[index] : null;
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** A pending read ends with -1, as any later one. */
    void shutdown() {
        ended = true;
        ReadOperation read = handle.read();
        read.abort(read.id(), AbortReason.CANCELLED);
    }

    private void onCancel(long operationId, boolean mayInterruptIfRunning) {
        killed = true;
        handle.read().abort(operationId, AbortReason.CANCELLED);
        if (mayInterruptIfRunning) {
            channel.closeQuietly();
        }
    }

    // ---- The processor's thread ---------------------------------------------------------------

    @Override
    public void completed(Integer count, @Nullable Void none) {
        boolean more = several != null ? count >= 0 : count >= CHUNK_BYTES;
        finish(more ? withRest(count) : count, null);
    }

    /** The first buffer is full, perhaps, or the processor's chunk is; takes what else is there. */
    private long withRest(int count) {
        ReadOperation read = handle.read();
        if (nextTarget() == null || !claimed(read)) {
            return count;
        }
        try {
            return attempt(count);
        } catch (IOException e) {
            throw new AssertionError("it is kept for the next read", e);
        } finally {
            handle.abandon(read);
        }
    }

    @Override
    public void failed(Throwable failure, @Nullable Void none) {
        if (ended && failure instanceof OperationCancelledException && channel.isOpen()) {
            finish(-1, null);
            return;
        }
        if (failure instanceof OperationTimedOutException && !channel.keepsAfterTimeout()) {
            killed = true;
        }
        finish(0, JdkFailures.of(failure, channel.isOpen()));
    }

    private void finish(long count, @Nullable Throwable cause) {
        Number value = release(count);
        outstanding.finish(value, cause);
    }

    private void finishHere(long count, @Nullable Throwable cause) {
        Number value = release(count);
        outstanding.finishHere(value, cause);
    }

    /** Lets go of the buffers; returns the value in the type that was asked for. */
    private Number release(long count) {
        boolean scattering = several != null;
        single = null;
        several = null;
        return scattering ? (Number) Long.valueOf(count) : (Number) BoxedCounts.of(count);
    }
}
