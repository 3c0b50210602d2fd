package io.proactor.engine.uring.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's io_uring. It shares two queues with the kernel: entries are written at the
 * submission tail and read at the completion head, which only this side moves; the kernel moves
 * the other two.
 *
 * <p>Memory order (io_uring(7)): what one side publishes with a release store of its index, the
 * other takes with an acquire load. The submission tail is published in {@link #enter}, the
 * completion head once for each {@link #reap}.
 *
 * <p>Safety: all accesses go through segments of exactly the mapped size, which stay mapped until
 * {@link #close}; {@link #open} hands nothing out that it has not mapped.
 */
public final class KernelRing implements Ring {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;
    private static final int IORING_SQ_TASKRUN = 1 << 2;

    private final RingCalls calls;
    private final RingMapping mapping;
    private final MemorySegment queues;
    private final MemorySegment entries;
    private final int features;

    // Where the kernel's words lie in the queues; fixed.
    private final long submissionHead;
    private final long submissionTail;
    private final long submissionFlags;
    private final long completionHead;
    private final long completionTail;
    private final long completionsLost;
    private final long completions;
    private final int submissionMask;
    private final int completionMask;

    // The owner. Entries prepared, and entries that the kernel is known to have taken, both since
    // the beginning and wrapping: 0 <= tail - taken <= submission entries.
    private int tail;
    private int taken;

    // The owner. Completions reaped since the beginning, wrapping.
    private int head;

    // Before enable whoever opened the ring, then the owner.
    private final List<BufferRing> bufferRings = new ArrayList<>();
    private @Nullable Thread owner;

    // True once close has begun.
    private boolean closed;

    private KernelRing(RingCalls calls, RingMapping mapping) {
        this.calls = calls;
        this.mapping = mapping;
        this.features = mapping.features();
        this.queues = mapping.queues().memory();
        this.entries = mapping.entries().memory();
        this.submissionHead = mapping.submissionHead();
        this.submissionTail = mapping.submissionTail();
        this.submissionFlags = mapping.submissionFlags();
        this.submissionMask = mapping.submissionEntries() - 1;
        this.completionHead = mapping.completionHead();
        this.completionTail = mapping.completionTail();
        this.completionsLost = mapping.completionsLost();
        this.completionMask = mapping.completionEntries() - 1;
        this.completions = mapping.completions();
        this.tail = (int) INT.getAcquire(queues, submissionTail);
        this.taken = tail;
        this.head = (int) INT.getAcquire(queues, completionHead);
    }

    /** The {@link RingFactory} of the kernel. */
    public static KernelRing open(int submissionEntries, int completionEntries, int setupFlags)
            throws SystemCallException {
        RingMapping mapping = RingMapping.map(submissionEntries, completionEntries, setupFlags);
        return new KernelRing(new RingCalls(mapping.fd(), mapping.features()), mapping);
    }

    /** Returns what the kernel says it can do, {@link SetupFlags}{@code .IORING_FEAT_*}. */
    public int features() {
        return features;
    }

    /** Returns how many entries the submission queue has. */
    public int submissionEntries() {
        return submissionMask + 1;
    }

    /** Returns how many entries the completion queue has. */
    public int completionEntries() {
        return completionMask + 1;
    }

    /** Returns which kinds of submission the kernel knows, by {@link Opcode}. */
    public boolean[] supportedOpcodes() throws SystemCallException {
        return calls.supportedOpcodes();
    }

    @Override
    public void registerFileTable(int slots) throws SystemCallException {
        calls.registerFileTable(slots);
    }

    @Override
    public BufferRing registerBufferRing(int group, int entries) throws SystemCallException {
        Slab slab = Slab.map(BufferRing.bytes(entries));
        BufferRing ring = new BufferRing(slab, group, entries);
        try {
            calls.registerBufferRing(ring);
        } catch (SystemCallException e) {
            ring.free();
            throw e;
        }
        bufferRings.add(ring);
        return ring;
    }

    @Override
    public void enable() throws SystemCallException {
        assert owner == null : "enabled twice";
        calls.enable();
        owner = Thread.currentThread();
    }

    @Override
    public int space() {
        return submissionMask + 1 - (tail - taken);
    }

    @Override
    public int prepared() {
        return tail - taken;
    }

    @Override
    public void prepare(int opcode, int sqeFlags, int ioprio, int fd, long offset, long address,
            int length, int opFlags, int bufferGroup, int fileIndex, long userData) {
        assert owner == Thread.currentThread() : "only the owner submits";
        if (tail - taken > submissionMask) {
            throw new IllegalStateException("The submission queue is full; enter first.");
        }
        long at = (long) (tail & submissionMask) * Sqe.BYTES;
        entries.set(ValueLayout.JAVA_INT, at, opcode | sqeFlags << 8 | ioprio << 16);
        entries.set(ValueLayout.JAVA_INT, at + Sqe.FD, fd);
        entries.set(ValueLayout.JAVA_LONG, at + Sqe.OFF, offset);
        entries.set(ValueLayout.JAVA_LONG, at + Sqe.ADDR, address);
        entries.set(ValueLayout.JAVA_INT, at + Sqe.LEN, length);
        entries.set(ValueLayout.JAVA_INT, at + Sqe.OP_FLAGS, opFlags);
        entries.set(ValueLayout.JAVA_LONG, at + Sqe.USER_DATA, userData);
        // As one int, which clears the personality beside it.
        entries.set(ValueLayout.JAVA_INT, at + Sqe.BUF_GROUP, bufferGroup);
        entries.set(ValueLayout.JAVA_INT, at + Sqe.FILE_INDEX, fileIndex);
        entries.set(ValueLayout.JAVA_LONG, at + Sqe.ADDR3, 0L);
        entries.set(ValueLayout.JAVA_LONG, at + Sqe.PAD2, 0L);
        tail++;
    }

    @Override
    public int enter(int waitFor, long timeoutNanos) {
        assert owner == Thread.currentThread() : "only the owner enters";
        INT.setRelease(queues, submissionTail, tail);
        int result = calls.enter(tail - taken, waitFor, timeoutNanos);
        // Not the result: the kernel may have taken some and then failed (io_uring_enter(2)).
        int takenBefore = taken;
        taken = (int) INT.getAcquire(queues, submissionHead);
        assert tail - taken >= 0 && tail - taken <= submissionMask + 1;
        if ((int) INT.getOpaque(queues, completionsLost) != 0) {
            return -Errno.EBADR;  // which the call itself tells only when it has to wait
        }
        return result < 0 && !passing(-result) ? result : taken - takenBefore;
    }

    /**
     * ETIME: the time is over. EINTR: a signal came, as with SIGSTOP or a debugger. EAGAIN, EBUSY:
     * the kernel lacks memory, or holds completions that have found no room; reaping helps.
     */
    private static boolean passing(int errno) {
        return errno == Errno.ETIME || errno == Errno.EINTR || errno == Errno.EAGAIN
                || errno == Errno.EBUSY;
    }

    @Override
    public boolean needsEnter() {
        int flags = (int) INT.getOpaque(queues, submissionFlags);
        return (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
    }

    @Override
    public boolean overflowed() {
        return ((int) INT.getOpaque(queues, submissionFlags) & IORING_SQ_CQ_OVERFLOW) != 0;
    }

    @Override
    public int ready() {
        return (int) INT.getAcquire(queues, completionTail) - head;
    }

    @Override
    public int reap(long[] userData, int[] results, int[] flags) {
        assert owner == Thread.currentThread() : "only the owner reaps";
        int count = Math.min(ready(), userData.length);
        for (int i = 0; i < count; i++) {
            long at = completions + (long) (head + i & completionMask) * Cqe.BYTES;
            userData[i] = queues.get(ValueLayout.JAVA_LONG, at + Cqe.USER_DATA);
            results[i] = queues.get(ValueLayout.JAVA_INT, at + Cqe.RES);
            flags[i] = queues.get(ValueLayout.JAVA_INT, at + Cqe.FLAGS);
        }
        if (count > 0) {
            head += count;
            INT.setRelease(queues, completionHead, head);
        }
        return count;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (owner == Thread.currentThread()) {
            calls.disown();
        }
        // A ring that is still mapped is not released by closing its descriptor.
        mapping.close();
        bufferRings.forEach(BufferRing::free);
        calls.close();
    }
}
