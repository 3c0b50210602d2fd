package io.proactor;

/**
 * The socket has as many writes queued as its bounds allow, so this one was not accepted: no byte
 * of it is queued, and its handler will not be called. The peer reads more slowly than this side
 * writes; an application waits for a write to complete, drops the message, or closes the socket.
 */
public final class WriteQueueFullException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    WriteQueueFullException() {
        super("The write queues of all sockets together are full.");
    }

    WriteQueueFullException(long bytesQueued, int writesQueued) {
        super("The write queue is full: " + bytesQueued + " bytes in " + writesQueued
                + " writes wait for the peer.");
    }
}
