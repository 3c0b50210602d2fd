package io.proactor;

import io.proactor.operation.OperationTrace;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what no completion handler can be told. The methods do nothing unless overridden;
 * {@link #logging()} is what a proactor uses unless it is given another.
 *
 * <p>Threads: threads of the library, several at a time. A listener must not block.
 */
public interface ProactorListener {

    /**
     * A completion handler threw. Its connection is closed by the library after this call; the
     * thread lives on. Called once for it.
     *
     * @param thrown what it threw
     * @param operationId the operation whose handler it was
     * @param session the {@link StreamSocket} or {@link Timer} that the operation was initiated on;
     *     for an accept that succeeded the new {@link StreamSocket}, for one that failed the
     *     {@link Acceptor}; null for a posted value
     */
    default void handlerThrew(Throwable thrown, long operationId, @Nullable Object session) {}

    /**
     * An acceptor could not accept. It stays open and tries again by itself.
     *
     * @param pause how long it waits before that; zero for not at all
     */
    default void acceptFailed(Acceptor acceptor, Throwable failure, Duration pause) {}

    /**
     * A handler has kept a dispatcher thread for longer than
     * {@link ProactorOptions#slowHandler}. Called once for it, while it still runs.
     *
     * @param atLeast how long it has run at least
     * @param stack where it is
     */
    default void handlerSlow(Thread thread, Duration atLeast, StackTraceElement[] stack) {}

    /** A thread of the processor met an error; the operations that it had in hand have failed. */
    default void processorFailed(Throwable failure) {}

    /**
     * A shutdown has aborted everything, and a second later its end is still not there: the system
     * holds operations that it was asked to give back, or a handler does not return. Called once
     * for a shutdown, which waits on: memory that the system may still write to is not given up.
     *
     * @param since how long ago the abort was, at least
     * @param pending the operations that have not come back, the oldest first; empty if it is a
     *     handler
     */
    default void shutdownHeldUp(Duration since, List<PendingOperation> pending) {}

    /**
     * A {@link Lease} was dropped without being closed; its buffer is replaced. Told only where
     * {@link ProactorOptions#tracing} is on.
     *
     * @param taken where the receive was initiated that brought it
     */
    default void leaseLost(@Nullable OperationTrace taken) {}

    /** Returns a listener that writes to the {@link System.Logger} {@code io.proactor}. */
    static ProactorListener logging() {
        return LoggingListener.INSTANCE;
    }
}
