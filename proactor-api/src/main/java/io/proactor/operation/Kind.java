package io.proactor.operation;

/**
 * The closed family of operations. A processor switches on it with a switch expression and no
 * default, so that a new kind does not compile until every processor answers.
 */
public enum Kind {
    /** Moves bytes from a socket into a buffer. */
    READ,
    /** Moves the bytes of one or more buffers to a socket. */
    WRITE,
    /** Takes one connection from a listener. */
    ACCEPT,
    /** Connects a socket to a remote address. */
    CONNECT,
    /** Completes when a moment has come. */
    TIMER,
    /** Completes at once with a value that the application posted. */
    POST
}
