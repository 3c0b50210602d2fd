package io.proactor.operation;

/**
 * The closed family of operations. A processor switches on it with a switch expression and no
 * default, so that a new kind does not compile until every processor answers.
 */
public enum Kind {
    /** Moves bytes from a socket into a buffer. */
    READ,
    /** Moves bytes from a socket into a buffer that the processor picks once they are there. */
    RECEIVE,
    /** Completes when a read would find bytes, or the end of the stream, and takes none. */
    WAIT_READABLE,
    /** Moves the bytes of one or more buffers to a socket. */
    WRITE,
    /** Moves a region of a file to a socket, between the bytes of two buffers. */
    SEND_FILE,
    /** Takes one connection from a listener. */
    ACCEPT,
    /** Connects a socket to a remote address. */
    CONNECT,
    /** Takes the connection from a socket, so that it can be connected again. */
    DISCONNECT,
    /** Completes when a moment has come. */
    TIMER,
    /** Completes at once with a value that the application posted. */
    POST
}
