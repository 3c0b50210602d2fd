package io.proactor;

import io.proactor.operation.AbortReason;
import io.proactor.operation.TimerOperation;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.TimerHandle;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Completes an operation when a time has passed. One is pending at a time; when it is over, the
 * timer may be scheduled again. Times are counted with {@link System#nanoTime}, to about a
 * millisecond, and never end early.
 *
 * <p>Threads: every method may be called by any thread. Handlers of one timer never overlap.
 */
public final class Timer implements AutoCloseable {

    private final TimerHandle handle;

    // Not null exactly from scheduleRepeatedly until the end of that. Guarded by this, which is not
    // held while a handler runs.
    private @Nullable Repetition<?> repetition;

    Timer(TimerHandle handle) {
        this.handle = handle;
        handle.session(this);
    }

    /**
     * Initiates one wait.
     *
     * <p>Result: null, no earlier than {@code delay} from now; 0 or less is as soon as possible.
     *
     * <p>Failure: {@link OperationCancelledException}, {@link SocketClosedException} if the timer
     * is closed, {@link ProactorShutdownException}.
     *
     * @return the operation's id, for {@link Proactor#cancel}
     * @throws IllegalStateException if a wait is pending
     */
    public <A extends @Nullable Object> long schedule(long delay, TimeUnit unit, A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        synchronized (this) {
            requireNoRepetition();
            return initiate(deadline(unit.toNanos(delay)), attachment, handler);
        }
    }

    /**
     * Calls {@code completed} after {@code delay} and then every {@code period}, until the timer is
     * cancelled, closed or shut down; then {@code failed}, once. Each tick is an operation of its
     * own. Ticks that were missed, because a handler took longer than a period, are left out.
     *
     * @throws IllegalArgumentException if {@code period} is not positive
     * @throws IllegalStateException if a wait is pending
     */
    public <A extends @Nullable Object> void scheduleRepeatedly(long delay, long period,
            TimeUnit unit, A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        if (period <= 0) {
            throw new IllegalArgumentException("period must be positive, not " + period);
        }
        long first = deadline(unit.toNanos(delay));
        synchronized (this) {
            requireNoRepetition();
            Repetition<A> repeated = new Repetition<>(first, unit.toNanos(period), handler);
            initiate(first, attachment, repeated);
            repetition = repeated;
        }
    }

    private void requireNoRepetition() {
        if (repetition != null) {
            throw new IllegalStateException("This timer repeats.");
        }
    }

    /**
     * Cancels the wait that is pending, or the repetition.
     *
     * @return true if there was one: its handler is told so, unless the time of a single wait had
     *     in fact come
     */
    public synchronized boolean cancel() {
        TimerOperation operation = handle.operation();
        boolean aborted = operation.abort(operation.id(), AbortReason.CANCELLED);
        if (repetition == null) {
            return aborted;
        }
        // A tick may be on its way to the handler, or the next one not initiated yet.
        boolean first = !repetition.cancelled;
        repetition.cancelled = true;
        return first;
    }

    /** Binds the handlers of this timer to a strand. To be called before it is first scheduled. */
    public void bind(Strand strand) {
        handle.bind(strand.sequence());
    }

    /** Closes the timer: the wait that is pending ends with {@link SocketClosedException}. */
    @Override
    public void close() {
        handle.close();
    }

    /** For those on this floor that make threads. */
    ProcessorContext context() {
        return handle.context();
    }

    private long deadline(long delayNanos) {
        return context().nanoTime() + Math.min(Math.max(0, delayNanos), Long.MAX_VALUE >> 1);
    }

    private <A extends @Nullable Object> long initiate(long deadlineNanos, A attachment,
            CompletionHandler<? super @Nullable Void, ? super A> handler) {
        TimerOperation operation = handle.operation();
        if (!handle.claim(operation)) {
            if (handle.terminated()) {
                return handle.fail(new SocketClosedException(0), attachment, handler);
            }
            throw new IllegalStateException("A wait is pending on this timer.");
        }
        operation.prepareAt(deadlineNanos, attachment, handler);
        return handle.initiate(operation);
    }

    /** Schedules the next tick before it tells the application of this one. */
    private final class Repetition<A extends @Nullable Object>
            implements CompletionHandler<@Nullable Void, A> {
        private final long periodNanos;
        private final CompletionHandler<? super @Nullable Void, ? super A> handler;
        private long deadlineNanos;  // of the tick that is pending; the handlers are in order
        private boolean cancelled;   // true exactly from cancel; guarded by the timer

        Repetition(long deadlineNanos, long periodNanos,
                CompletionHandler<? super @Nullable Void, ? super A> handler) {
            this.deadlineNanos = deadlineNanos;
            this.periodNanos = periodNanos;
            this.handler = handler;
        }

        @Override
        public void completed(@Nullable Void result, A attachment) {
            Throwable end = next(attachment);
            if (!(end instanceof OperationCancelledException)) {
                handler.completed(result, attachment);
            }
            if (end != null) {
                handler.failed(end, attachment);
            }
        }

        /** Initiates the next tick. Returns why there is none, or null. */
        private @Nullable Throwable next(A attachment) {
            long late = context().nanoTime() - deadlineNanos;
            deadlineNanos += periodNanos * (1 + Math.max(0, late) / periodNanos);
            synchronized (Timer.this) {
                try {
                    if (!cancelled) {
                        initiate(deadlineNanos, attachment, this);
                        return null;
                    }
                    repetition = null;
                    return new OperationCancelledException(0);
                } catch (RejectedExecutionException e) {
                    // This tick is the last one, and the proactor is about to be gone: say both.
                    repetition = null;
                    return new ProactorShutdownException(0);
                }
            }
        }

        @Override
        public void failed(Throwable cause, A attachment) {
            synchronized (Timer.this) {
                repetition = null;
            }
            handler.failed(cause, attachment);
        }
    }
}
