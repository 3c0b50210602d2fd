package io.proactor.spi;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.Outcome;
import io.proactor.operation.PostOperation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What operations are issued on: a connection, a listener, a timer. It owns the operations that are
 * issued on it. Long-lived, where operations are short-lived.
 */
public abstract class Handle implements OperationOwner {

    private static final VarHandle UNFINISHED;
    private static final VarHandle REST_LISTENER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            UNFINISHED = lookup.findVarHandle(Handle.class, "unfinished", int.class);
            REST_LISTENER = lookup.findVarHandle(Handle.class, "restListener", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ProcessorContext context;

    // 1 while the handle is open or closing, + 1 for each operation from claim to the return of its
    // handler. At 0 the handle is terminated, which it is once and for good. Any thread: CAS.
    private volatile int unfinished = 1;

    // Written by the application's thread before operations are issued; see bind().
    private volatile @Nullable CompletionSequence sequence;
    private final @Nullable CompletionSequence ownSequence;
    private volatile @Nullable Object session;
    private @Nullable Runnable terminationListener;  // guarded by this

    // Is run once when nothing is unfinished any more but the handle itself. Any thread: exchange.
    private volatile @Nullable Runnable restListener;

    /**
     * @param sequence what keeps this handle's handlers from overlapping, or null if the dispatcher
     *     does so by itself
     */
    protected Handle(ProcessorContext context, @Nullable CompletionSequence sequence) {
        this.context = context;
        this.sequence = sequence;
        ownSequence = sequence;
    }

    // ---- For the application's floor ----------------------------------------------------------

    /**
     * Initiates an operation that was claimed with {@link #claim}. Any thread.
     *
     * @return its id
     * @throws RejectedExecutionException if the processor has ended; the handler is not called
     */
    public final long initiate(AsynchronousOperation operation) {
        assert operation.owner() == this;
        long id = operation.id();
        // First counted, then asked: a processor that no longer accepts waits until nothing is
        // outstanding, so whatever passes here is seen by a thread that completes it.
        context.counters().issued();
        if (!context.accepting()) {
            context.counters().revoked();
            abandon(operation);
            throw refused();
        }
        operation.initiate(operation.timeoutNanos() > 0 ? System.nanoTime()
                : dispatcher().recentNanos());
        submit(operation);
        return id;
    }

    /**
     * Fails an initiation that comes too late, through the dispatcher as any other. Any thread.
     *
     * @return 0, the id of no operation
     * @throws RejectedExecutionException as {@link #initiate}
     */
    public final <A> long fail(Throwable cause, @Nullable A attachment,
            CompletionHandler<?, ? super A> handler) {
        context.counters().issued();
        if (!context.accepting()) {
            context.counters().revoked();
            throw refused();
        }
        dispatch(PostOperation.failed(this, cause, attachment, handler));
        return 0;
    }

    /**
     * Queues a completion that no operation led to, in order with the others of this handle. Any
     * thread.
     *
     * @return false if the processor has ended; the handler is not called
     */
    public final <V, A> boolean tell(@Nullable V value, @Nullable A attachment,
            CompletionHandler<? super V, ? super A> handler) {
        context.counters().issued();
        if (!context.accepting()) {
            context.counters().revoked();
            return false;
        }
        dispatch(PostOperation.completed(this, value, attachment, handler));
        return true;
    }

    /**
     * Claims an operation of this handle. Any thread.
     *
     * @return false if the operation is in use, or the handle is terminated
     * @throws RejectedExecutionException if initiations are refused
     */
    public final boolean claim(AsynchronousOperation operation) {
        if (!begin()) {
            return false;
        }
        if (operation.claim()) {
            return true;
        }
        finish();
        return false;
    }

    /** Gives back an operation that was claimed, because it turned out that it must not be used. */
    public final void abandon(AsynchronousOperation operation) {
        operation.abandon();
        retired(operation);
        finish();
    }

    /**
     * Closes the handle: each of its operations ends with the failure for a local close. Any
     * thread, any number of times. Returns at once.
     */
    public abstract void close();

    /** Any thread. False from the first close. */
    public abstract boolean isOpen();

    /** Any thread. True when the handle is closed and each of its handlers has returned. */
    public final boolean terminated() {
        return unfinished == 0;
    }

    /**
     * Binds the handlers of this handle to a sequence, in place of its own, before any is issued.
     */
    public final void bind(CompletionSequence sequence) {
        this.sequence = sequence;
    }

    /** Takes {@link #bind} back; while nothing of the handle is pending. */
    public final void unbind() {
        sequence = ownSequence;
    }

    /** Returns the object of the application's floor that stands for this handle, or null. */
    public final @Nullable Object session() {
        return session;
    }

    /** Sets the object of the application's floor that stands for this handle. */
    public final void session(Object session) {
        this.session = session;
    }

    /**
     * Sets what is run once when the handle is terminated: on the thread that finishes it, or at
     * once if it is terminated already.
     */
    public final void onTermination(Runnable listener) {
        synchronized (this) {
            if (!terminated()) {
                terminationListener = listener;
                return;
            }
        }
        listener.run();
    }

    /**
     * Sets what is run once as soon as each handler of this handle has returned, though the handle
     * is open: on the thread that finishes the last one. To be called while one has not returned.
     * It is not run if the handle is closed first.
     */
    public final void onRest(Runnable listener) {
        assert unfinished > 0;  // 1 if it is closed already: then it does not rest
        restListener = listener;
    }

    // ---- For the processor --------------------------------------------------------------------

    /** Takes over an operation that is PENDING. Any thread. */
    protected abstract void submit(AsynchronousOperation operation);

    /** The operation is IDLE. Any of the handle's dispatcher threads. */
    protected void retired(AsynchronousOperation operation) {
        // Most handles keep their operations for the next use.
    }

    /** Called once: the handle gives its operations' slots back. */
    protected abstract void unregister();

    /** The processor, once: the handle's close is done and no operation is PENDING or ABORTING. */
    protected final void closed() {
        assert !isOpen();
        finish();
    }

    /** The processor. Completes an operation of this handle and queues it for its handler. */
    protected final void complete(AsynchronousOperation operation, @Nullable Throwable cause) {
        operation.complete(cause);
        dispatch(operation);
    }

    /** Returns the dispatcher that completions of this handle go to. */
    protected abstract CompletionDispatcher dispatcher();

    /** Returns what the processor was opened with. */
    public final ProcessorContext context() {
        return context;
    }

    @Override
    public final void onRetire(AsynchronousOperation operation, Outcome outcome) {
        context.counters().ended(outcome);
        if (operation.kind() != Kind.POST) {
            retired(operation);
        }
    }

    @Override
    public final void onHandled(Kind kind) {
        if (kind != Kind.POST) {
            finish();  // a posted failure was never claimed
        }
    }

    // ---- Private ------------------------------------------------------------------------------

    private void dispatch(AsynchronousOperation operation) {
        CompletionSequence sequence = this.sequence;
        if (sequence != null) {
            sequence.enqueue(operation);
        } else {
            dispatcher().enqueue(operation);
        }
    }

    private boolean begin() {
        if (!context.accepting()) {
            throw refused();
        }
        while (true) {
            int count = unfinished;
            if (count == 0) {
                return false;
            }
            if (UNFINISHED.compareAndSet(this, count, count + 1)) {
                return true;
            }
        }
    }

    private void finish() {
        int before = (int) UNFINISHED.getAndAdd(this, -1);
        assert before > 0;
        if (before == 2 && restListener != null && isOpen()) {
            rest();
        }
        if (before == 1) {
            unregister();
            Runnable listener;
            synchronized (this) {
                listener = terminationListener;
            }
            if (listener != null) {
                listener.run();
            }
        }
    }

    private void rest() {
        Runnable listener = (Runnable) REST_LISTENER.getAndSet(this, null);
        if (listener != null) {
            listener.run();
        }
    }

    private static RejectedExecutionException refused() {
        return new RejectedExecutionException("The proactor has been shut down.");
    }
}
