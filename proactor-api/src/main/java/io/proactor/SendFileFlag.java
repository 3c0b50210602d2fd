package io.proactor;

/** What is to come behind a {@link StreamSocket#sendFile}, as with {@code TransmitFile}. */
public enum SendFileFlag {
    /**
     * The connection ends: the peer reads end of stream behind the last byte, and the operation
     * completes when the peer has ended its side too.
     */
    DISCONNECT,
    /** Only with {@link #DISCONNECT}: the socket is not closed, but can be connected again. */
    REUSE
}
