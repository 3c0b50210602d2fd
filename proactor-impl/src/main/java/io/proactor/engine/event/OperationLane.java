package io.proactor.engine.event;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.CompletionEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one kind that are pending on one handle, in the order of their initiation. Any
 * thread adds; one thread at a time, the owner, takes. The operations are the nodes.
 *
 * <p>Bound: that of the operations that may be pending on a handle.
 */
public final class OperationLane<T extends AsynchronousOperation> {

    private static final VarHandle INBOX;

    static {
        try {
            INBOX = MethodHandles.lookup()
                    .findVarHandle(OperationLane.class, "inbox", CompletionEvent.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Added and not yet seen by the owner, the latest first. Any thread: CAS; the owner takes all.
    private volatile @Nullable CompletionEvent inbox;

    // The owner's.
    private @Nullable T head;
    private @Nullable T tail;
    private @Nullable T added;  // the first one that was added and not received, up to the tail

    /** Makes an empty lane. */
    public OperationLane() {}

    /** Adds an operation at the end. Any thread; the owner has to be told. */
    public void offer(T operation) {
        CompletionEvent latest;
        do {
            latest = inbox;
            operation.next(latest);
        } while (!INBOX.compareAndSet(this, latest, operation));
    }

    /** The owner. As {@link #offer}, without the exchanges that other threads need. */
    public void add(T operation) {
        if (inbox != null) {
            offer(operation);
            return;
        }
        append(operation);
        if (added == null) {
            added = operation;
        }
    }

    /** The owner. Takes over what is new; {@code arrival} sees each operation, in order. */
    public void receive(Consumer<? super T> arrival) {
        T first = added;
        added = null;
        if (inbox != null) {
            T operation = reverse((CompletionEvent) INBOX.getAndSet(this, null));
            first = first != null ? first : operation;
            while (operation != null) {
                T next = cast(operation.next());
                append(operation);
                operation = next;
            }
        }
        // Not before all are here: none may be lost if what sees them throws, for want of memory.
        for (T operation = first; operation != null; operation = cast(operation.next())) {
            arrival.accept(operation);
        }
    }

    /** The owner. Returns the first operation, or null. */
    public @Nullable T head() {
        return head;
    }

    /** The owner. True if nothing that was received is left. */
    public boolean isEmpty() {
        return head == null;
    }

    /** The owner. Takes the first operation out; there must be one. */
    public T remove() {
        T first = head;
        assert first != null;
        head = cast(first.next());
        if (head == null) {
            tail = null;
        }
        first.next(null);
        return first;
    }

    /** The owner. Takes out all that match, and then hands each, in order, to {@code removed}. */
    public void removeIf(Predicate<? super T> match, Consumer<? super T> removed) {
        OperationLane<T> out = new OperationLane<>();
        T operation = head;
        head = null;
        tail = null;
        while (operation != null) {
            T next = cast(operation.next());
            (match.test(operation) ? out : this).append(operation);
            operation = next;
        }
        while (!out.isEmpty()) {
            removed.accept(out.remove());
        }
    }

    private void append(T operation) {
        operation.next(null);
        if (tail == null) {
            head = operation;
        } else {
            tail.next(operation);
        }
        tail = operation;
    }

    private @Nullable T reverse(@Nullable CompletionEvent latest) {
        CompletionEvent reversed = null;
        CompletionEvent event = latest;
        while (event != null) {
            CompletionEvent earlier = event.next();
            event.next(reversed);
            reversed = event;
            event = earlier;
        }
        return cast(reversed);
    }

    @SuppressWarnings("unchecked")  // only operations of this type are offered and added
    private @Nullable T cast(@Nullable CompletionEvent event) {
        return (T) event;
    }
}
