package io.proactor.operation;

/** Whom an operation belongs to while it is not pending: a handle of a processor. */
public interface OperationOwner {

    /**
     * The operation was moved from PENDING to ABORTING, so its processor must complete it soon.
     *
     * <p>Threads: any; the caller may hold locks of its own, so this call only leaves a message.
     */
    void onAbort(AsynchronousOperation operation);

    /**
     * The operation is IDLE again, its result is on the way to the handler, and its owner may use
     * it for something else from here on.
     *
     * <p>Threads: the dispatcher thread that is about to call the handler.
     */
    void onRetire(AsynchronousOperation operation, Outcome outcome);

    /**
     * The handler of an operation of this owner has returned, or thrown and been reported.
     *
     * <p>Threads: the dispatcher thread that called it.
     *
     * @param kind of the operation, which itself may be in another life by now
     */
    void onHandled(Kind kind);
}
