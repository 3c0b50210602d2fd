package io.proactor.operation;

import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * A value that the application queued to the completion dispatcher, as with
 * {@code PostQueuedCompletionStatus}. No processor performs it; it is complete when it is made. It
 * cannot be cancelled, so it needs no slot, and one object is made for each post.
 */
public final class PostOperation extends AsynchronousOperation {

    private @Nullable Object value;

    private PostOperation(OperationOwner owner) {
        super(owner, null);
    }

    /** The initiator. Makes an operation that is COMPLETED and only waits for its dispatch. */
    public static <V, A> PostOperation completed(OperationOwner owner, @Nullable V value,
            @Nullable A attachment, CompletionHandler<? super V, ? super A> handler) {
        return new PostOperation(owner).completeWith(value, null, attachment, handler);
    }

    /** The initiator. The same for an initiation that cannot be accepted any more: it fails. */
    public static <A> PostOperation failed(OperationOwner owner, Throwable cause,
            @Nullable A attachment, CompletionHandler<?, ? super A> handler) {
        return new PostOperation(owner).completeWith(null, cause, attachment, handler);
    }

    private PostOperation completeWith(@Nullable Object value, @Nullable Throwable cause,
            @Nullable Object attachment, CompletionHandler<?, ?> handler) {
        boolean claimed = claim();
        assert claimed;
        prepare(attachment, handler, 0);
        this.value = value;
        initiate(0);  // it is never pending
        complete(cause);
        return this;
    }

    @Override
    public Kind kind() {
        return Kind.POST;
    }

    @Override
    @Nullable Object value() {
        return value;
    }

    @Override
    void forgetArguments() {
        value = null;
    }
}
