package io.proactor;

import java.nio.ByteBuffer;

/** Knows where a message of some protocol ends; see {@link Messages}. */
@FunctionalInterface
public interface MessageEnd {

    /** What {@link #find} returns while the end has not come. */
    int NOT_YET = -1;

    /**
     * Looks for the end of the message that begins at index 0.
     *
     * <p>Threads: as a handler of the socket. An exception fails the read.
     *
     * @param bytes what has come, from index 0 to the limit; to be read by index, not moved
     * @param from the limit at the call before, of the same message; 0 at the first
     * @return the index behind the last byte of the message, from 1 to the limit; or
     *     {@link #NOT_YET}
     */
    int find(ByteBuffer bytes, int from);
}
