package io.proactor.engine.uring;

import io.proactor.operation.ReadOperation;

/**
 * What the receives of one connection were like lately, and so which kind of receive pays for the
 * next read. All methods belong to the loop's thread.
 */
final class ReceiveChoice {

    /** What {@link #lastBytes} is before the connection's first bytes. */
    private static final int NOTHING_YET = -1;

    /**
     * Up to so many bytes a time, a copy out of the kernel's buffer costs less than one more
     * submission with the arming of its poll. Measured, beside a server in C with epoll: 64 bytes
     * 1.04 by streams and 1.10 by requests, 1,024 bytes 1.06 and 1.09, 4,096 bytes 1.10 and 1.06,
     * 16,384 bytes 2.38 and 1.26 times its CPU (decision 18).
     */
    private static final int SMALL_BYTES_MAX = 2_048;

    /** A read with more room than this is about to get more than small messages. */
    private static final int ROOM_BYTES_MAX = 65_536;

    private boolean emptied;              // true if the last receive has emptied the socket
    private int lastBytes = NOTHING_YET;  // how many bytes the last receive brought

    /** A receive has brought bytes, or nothing. */
    void received(int bytes, boolean socketEmptied) {
        emptied = bytes > 0 && socketEmptied;
        if (bytes > 0) {
            lastBytes = bytes;
        }
    }

    /** Returns whether the socket is likely to be empty. */
    boolean expectNothing() {
        return emptied;
    }

    /**
     * Returns whether a {@link ReceiveStream} pays for the read. Never for the first bytes of a
     * connection: many have no more than those. Always where the bytes go through a buffer of the
     * ring anyway. One that is in flight stays as long as messages fit into a buffer, since its
     * cancel costs as much as it saves by a few of them.
     *
     * @param inFlight whether there is one
     */
    boolean streamPays(ReadOperation read, PickedBuffers buffers, boolean inFlight) {
        if (!buffers.streams() || lastBytes == NOTHING_YET || read.waits()) {
            return false;
        }
        int bytesMax = inFlight ? buffers.copied().bufferBytes() - 1 : SMALL_BYTES_MAX;
        return read.needsBuffer() || !read.target().isDirect()
                || lastBytes <= bytesMax && read.target().remaining() <= ROOM_BYTES_MAX;
    }

    /** The next connection begins without a trace of the last one. */
    void reset() {
        emptied = false;
        lastBytes = NOTHING_YET;
    }
}
