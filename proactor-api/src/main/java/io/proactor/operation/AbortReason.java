package io.proactor.operation;

/** Why an operation was asked to end before its work was done. */
public enum AbortReason {
    /** The application cancelled it. */
    CANCELLED,
    /** Its own timeout elapsed. */
    TIMED_OUT,
    /** Its socket, acceptor or timer was closed on this side. */
    CLOSED,
    /** The proactor is shutting down. */
    SHUTDOWN;

    // values() copies its array at each call, and a phase is turned into a reason for each abort.
    private static final AbortReason[] ALL = values();

    static AbortReason of(int ordinal) {
        return ALL[ordinal];
    }
}
