package io.proactor.engine.uring.ffm;

import java.util.HashMap;
import java.util.Map;

/**
 * Provided buffers that a {@link FaultyRing} has the kernel pick, so that it can hand them to its
 * user with completions that had none: at most one of each group at a time. The owner's thread.
 */
final class SpareBuffers implements AutoCloseable {

    private static final int EVENT_BYTES = 8;

    private static final int NONE = -1;

    private final Ring ring;
    private final int events = SystemCalls.eventDescriptor();

    // By group, the flags of the completion that brought the buffer.
    private final Map<Integer, Integer> spares = new HashMap<>();
    private int asked = NONE;  // the group that one was asked for and has not come yet

    SpareBuffers(Ring ring) {
        this.ring = ring;
    }

    /**
     * Returns flags that name a buffer of the group, whose owner the caller is from here on; 0 if
     * there is none yet. Then there is one later.
     */
    int take(int group) {
        Integer flags = spares.remove(group);
        if (flags != null) {
            return flags;
        }
        if (asked == NONE && events >= 0 && ring.space() > 0) {
            asked = group;
            SystemCalls.signal(events);
            ring.prepare(Opcode.IORING_OP_READ, Sqe.IOSQE_BUFFER_SELECT, 0, events, 0, 0,
                    EVENT_BYTES, 0, group, 0, Ring.RESERVED_USER_DATA);
        }
        return 0;
    }

    /** A completion of the ring's own: true if it is the answer to what was asked for. */
    boolean collect(int result, int flags) {
        if (result == -Errno.ENOBUFS || result == -Errno.ECANCELED) {
            asked = NONE;
            return true;
        }
        if ((flags & Cqe.IORING_CQE_F_BUFFER) == 0) {
            return false;
        }
        int picked = flags & ~(Cqe.IORING_CQE_F_MORE | Cqe.IORING_CQE_F_SOCK_NONEMPTY);
        spares.put(asked, picked);
        asked = NONE;
        return true;
    }

    /** After the ring. */
    @Override
    public void close() {
        if (events >= 0) {
            SystemCalls.close(events);
        }
    }
}
