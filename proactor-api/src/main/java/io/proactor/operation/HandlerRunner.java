package io.proactor.operation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Calls completion handlers on one dispatcher thread, and survives what they throw. One per
 * dispatcher thread, or one per task where an {@code Executor} provides the threads.
 */
public final class HandlerRunner {

    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(HandlerRunner.class, "turn", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final HandlerFailures failures;

    // Odd exactly while a handler runs. Written by the dispatcher thread only, read by the
    // watchdog; opaque is enough, because the watchdog only compares two of its own readings.
    private long turn;

    /** Makes a runner that reports what handlers throw to {@code failures}. */
    public HandlerRunner(HandlerFailures failures) {
        this.failures = failures;
    }

    /**
     * Any thread. A number that is odd while a handler runs, and never the same for two handlers.
     */
    public long turn() {
        return (long) TURN.getAcquire(this);
    }

    /** The dispatcher thread, after an event has thrown, which is a bug of ours. */
    public void recover() {
        if ((turn & 1) == 1) {
            TURN.setRelease(this, turn + 1);
        }
    }

    /** The dispatcher thread: it is about to retire an operation and to call its handler. */
    void begin() {
        assert (turn & 1) == 0 : "a handler runs inside a handler";
        TURN.setRelease(this, turn + 1);
    }

    /**
     * The dispatcher thread, after begin. Calls {@code completed} or, with a cause, {@code failed}.
     */
    <V, A> void call(CompletionHandler<V, A> handler, @Nullable V value, @Nullable A attachment,
            @Nullable Throwable cause, long operationId, @Nullable OperationOwner owner) {
        Thread.interrupted();  // what one handler did to its thread is no affair of the next one
        try {
            if (cause == null) {
                handler.completed(value, attachment);
            } else {
                handler.failed(cause, attachment);
            }
        } catch (Throwable thrown) {
            // Errors too: an AssertionError or StackOverflowError of one handler must not cost the
            // thread that serves the others. The listener decides what else to do about it.
            failures.handlerThrew(thrown, operationId, owner);
        } finally {
            TURN.setRelease(this, turn + 1);
        }
    }
}
