package io.proactor.provider;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The one operation of a kind that a channel allows at a time, and who wants its result: a handler
 * or a future. The same object brings the result to a thread of the group.
 */
final class Outstanding<V extends @Nullable Object> {

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup()
                    .findVarHandle(Outstanding.class, "taken", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final GroupThreads threads;

    /*
     * FREE --begin--> TAKEN --finish--> on the way to its handler --run--> FREE, then the handler
     *                   |                                                   ^
     *                   +------- finish, for a future: then it is complete -+
     *
     * True exactly while it is not FREE. begin is a CAS, any thread. From there the fields belong
     * to the initiator, then to the processor's thread, then to the thread that runs it; the
     * processor's and the executor's queues publish them.
     */
    private volatile boolean taken;

    private @Nullable CompletionHandler<V, Object> handler;
    private @Nullable Object attachment;
    private @Nullable PendingFuture<V> future;
    private @Nullable V value;
    private @Nullable Throwable cause;

    Outstanding(GroupThreads threads) {
        this.threads = threads;
    }

    /**
     * An operation that ends before it begins, since its channel is closed.
     *
     * @return a future if there is no handler
     */
    static <V extends @Nullable Object, A> @Nullable Future<V> refuse(GroupThreads threads,
            @Nullable A attachment, @Nullable CompletionHandler<V, ? super A> handler) {
        Outstanding<V> refused = new Outstanding<>(threads);
        refused.begin();
        PendingFuture<V> future = refused.expect(attachment, handler, (id, interrupts) -> { });
        refused.finishHere(null, new ClosedChannelException());
        return future;
    }

    /** Any thread. False if one is outstanding already. */
    boolean begin() {
        return !taken && TAKEN.compareAndSet(this, false, true);
    }

    /** The initiator. Says who wants the result: the handler, or a future if there is none. */
    @SuppressWarnings("unchecked")  // the attachment is what this handler was given with
    <A> @Nullable PendingFuture<V> expect(@Nullable A attachment,
            @Nullable CompletionHandler<V, ? super A> handler, PendingFuture.Canceller canceller) {
        assert taken;
        this.handler = (CompletionHandler<V, Object>) (CompletionHandler<V, ?>) handler;
        this.attachment = attachment;
        if (handler == null) {
            future = new PendingFuture<>(canceller);
        }
        return future;
    }

    /**
     * The processor's thread. A handler that wants it is called by the group's threads.
     *
     * @return false if its future was cancelled, so that nobody takes the value
     */
    boolean finish(@Nullable V value, @Nullable Throwable cause) {
        assert taken;
        PendingFuture<V> future = this.future;
        if (future != null) {
            return complete(future, value, cause);
        }
        this.value = value;
        this.cause = cause;
        threads.execute(this);
        return true;
    }

    /** The initiator. A handler may be called at once, if this is a thread of the group. */
    void finishHere(@Nullable V value, @Nullable Throwable cause) {
        assert taken;
        PendingFuture<V> future = this.future;
        if (future != null) {
            complete(future, value, cause);
            return;
        }
        this.value = value;
        this.cause = cause;
        if (HandlerStack.mayCall(threads)) {
            run();
        } else {
            threads.execute(this);
        }
    }

    /** The initiator. It turned out that nothing can be initiated, which is thrown at it. */
    void withdraw() {
        forget();
    }

    private boolean complete(PendingFuture<V> future, @Nullable V value,
            @Nullable Throwable cause) {
        forget();  // before: who waited may initiate the next one
        return future.complete(value, cause);
    }

    /** A thread of the group. Calls the handler. */
    void run() {
        assert !ProcessorThread.isCurrent();
        CompletionHandler<V, Object> handler = this.handler;
        assert handler != null;
        Object attachment = this.attachment;
        V value = this.value;
        Throwable cause = this.cause;
        // Before the handler, so that it can initiate the next one, and so that nothing of a
        // user's is kept by a channel that rests.
        forget();
        HandlerStack stack = HandlerStack.current();
        GroupThreads outer = stack.group();
        int outerDepth = stack.depth();
        stack.enter(threads);
        try {
            if (cause == null) {
                handler.completed(value, attachment);
            } else {
                handler.failed(cause, attachment);
            }
        } finally {
            stack.leave(outer, outerDepth);
        }
    }

    private void forget() {
        handler = null;
        attachment = null;
        future = null;
        value = null;
        cause = null;
        taken = false;
    }
}
