package io.proactor;

import io.proactor.spi.ProcessorContext;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The part of a composed operation that is pending, the deadline of the whole, and its cancel. For
 * those whose parts come one after the other.
 */
final class CurrentPart implements ComposedOperation {

    /** Initiates a part, on the socket that it is cancelled on. */
    @FunctionalInterface
    interface Part {
        /** Returns the part's id. A timeout of 0 means never. */
        long initiate(long timeoutNanos);
    }

    private final ProcessorContext context;
    private final boolean limited;     // true exactly if there is a deadline
    private final long deadlineNanos;  // as the processor counts

    // Guarded by this, which is held while a part is initiated, so that a cancel finds either the
    // part before it or the part itself. No handler runs inside an initiation.
    private @Nullable StreamSocket socket;
    private long id;
    private boolean cancelled;  // true exactly from the first cancel
    private boolean over;       // true exactly from when no further part will be initiated

    /** A timeout of 0 or less means never. */
    CurrentPart(ProcessorContext context, long timeout, TimeUnit unit) {
        this.context = context;
        long nanos = Math.min(unit.toNanos(timeout), Long.MAX_VALUE >> 1);
        limited = nanos > 0;
        deadlineNanos = limited ? context.nanoTime() + nanos : 0;
    }

    /** The initiator. Initiates the first part; what that throws is the initiator's to hear. */
    synchronized void begin(StreamSocket on, Part part) {
        assert socket == null;
        initiate(on, part, limited ? Math.max(1, leftNanos()) : 0);
    }

    /**
     * The handler of the part before. Initiates the next one.
     *
     * @param bytesMoved by the whole so far
     * @return null, or why there is no next part: then the whole is over
     */
    synchronized @Nullable Throwable proceed(StreamSocket on, Part part, long bytesMoved) {
        assert !over;
        Throwable obstacle = null;
        if (cancelled) {
            obstacle = new OperationCancelledException(bytesMoved);
        } else if (limited && leftNanos() <= 0) {
            obstacle = new OperationTimedOutException(bytesMoved);
        } else {
            try {
                initiate(on, part, limited ? Math.max(1, leftNanos()) : 0);
            } catch (RejectedExecutionException e) {
                obstacle = new ProactorShutdownException(bytesMoved);
            } catch (RuntimeException e) {
                obstacle = e;  // misuse by somebody else of the socket, or a full write queue
            }
        }
        over = obstacle != null;
        return obstacle;
    }

    /** The handler of the last part, before it calls the application's. */
    synchronized void over() {
        over = true;
    }

    private void initiate(StreamSocket on, Part part, long timeoutNanos) {
        id = part.initiate(timeoutNanos);
        socket = on;
    }

    private long leftNanos() {
        return deadlineNanos - context.nanoTime();
    }

    @Override
    public synchronized boolean cancel() {
        if (over || cancelled) {
            return false;
        }
        cancelled = true;
        if (socket != null) {
            socket.cancel(id);  // too late for this part is early enough for the next
        }
        return true;
    }
}
