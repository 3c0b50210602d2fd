package io.proactor.engine.uring.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A ring that was set up, and where it lies in memory: both queues in one mapping, and the
 * submission entries. The offsets are from the beginning of the queues; io_uring_setup(2).
 */
record RingMapping(int fd, int features, int submissionEntries, int completionEntries,
        long submissionHead, long submissionTail, long submissionFlags, long completionHead,
        long completionTail, long completionsLost, long completions, Slab queues, Slab entries)
        implements AutoCloseable {

    // struct io_uring_params
    private static final long PARAMS_BYTES = 120;
    private static final long PARAMS_SQ_ENTRIES = 0;
    private static final long PARAMS_CQ_ENTRIES = 4;
    private static final long PARAMS_FLAGS = 8;
    private static final long PARAMS_FEATURES = 20;
    private static final long SQ_OFFSETS = 40;
    private static final long CQ_OFFSETS = 80;

    // struct io_sqring_offsets and io_cqring_offsets
    private static final long HEAD = 0;
    private static final long TAIL = 4;
    private static final long SQ_FLAGS = 16;
    private static final long SQ_ARRAY = 24;
    private static final long CQ_OVERFLOW = 16;
    private static final long CQES = 20;

    private static final long IORING_OFF_SQES = 0x1000_0000L;

    static RingMapping map(int submissionEntries, int completionEntries, int setupFlags)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(PARAMS_BYTES, Long.BYTES);
            params.set(ValueLayout.JAVA_INT, PARAMS_CQ_ENTRIES, completionEntries);
            params.set(ValueLayout.JAVA_INT, PARAMS_FLAGS, setupFlags);
            int fd = RingCalls.setup(submissionEntries, params);
            if (fd < 0) {
                throw new SystemCallException("io_uring_setup", -fd);
            }
            return map(fd, setupFlags, params);
        }
    }

    private static RingMapping map(int fd, int setupFlags, MemorySegment params)
            throws SystemCallException {
        int submissionEntries = word(params, PARAMS_SQ_ENTRIES);
        int completionEntries = word(params, PARAMS_CQ_ENTRIES);
        int array = word(params, SQ_OFFSETS + SQ_ARRAY);
        int cqes = word(params, CQ_OFFSETS + CQES);
        boolean indexed = (setupFlags & SetupFlags.IORING_SETUP_NO_SQARRAY) == 0;
        long queuesBytes = Math.max(indexed ? array + 4L * submissionEntries : 0,
                cqes + (long) Cqe.BYTES * completionEntries);
        Slab queues = null;
        try {
            queues = Slab.map(queuesBytes, Slab.MAP_SHARED | Slab.MAP_POPULATE, fd, 0);
            Slab entries = Slab.map((long) Sqe.BYTES * submissionEntries,
                    Slab.MAP_SHARED | Slab.MAP_POPULATE, fd, IORING_OFF_SQES);
            if (indexed) {
                // Entry i is always named by index i, so the array is written only here.
                for (int i = 0; i < submissionEntries; i++) {
                    queues.memory().set(ValueLayout.JAVA_INT, array + 4L * i, i);
                }
            }
            return new RingMapping(fd, word(params, PARAMS_FEATURES), submissionEntries,
                    completionEntries, word(params, SQ_OFFSETS + HEAD),
                    word(params, SQ_OFFSETS + TAIL), word(params, SQ_OFFSETS + SQ_FLAGS),
                    word(params, CQ_OFFSETS + HEAD), word(params, CQ_OFFSETS + TAIL),
                    word(params, CQ_OFFSETS + CQ_OVERFLOW), cqes, queues, entries);
        } catch (SystemCallException e) {
            if (queues != null) {
                queues.close();
            }
            SystemCalls.close(fd);
            throw e;
        }
    }

    private static int word(MemorySegment params, long offset) {
        return params.get(ValueLayout.JAVA_INT, offset);
    }

    /** Unmaps, then closes: what was mapped would keep the ring alive. */
    @Override
    public void close() {
        entries.close();
        queues.close();
        SystemCalls.close(fd);
    }
}
