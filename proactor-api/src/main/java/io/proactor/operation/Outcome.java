package io.proactor.operation;

/** How an operation ended, as the counters see it. */
public enum Outcome {
    /** The handler's {@code completed} was called. */
    COMPLETED,
    /** {@code failed} was called for any reason but the next two. */
    FAILED,
    /** {@code failed} was called because the application cancelled the operation. */
    CANCELLED,
    /** {@code failed} was called because the operation's own timeout elapsed. */
    TIMED_OUT
}
