package io.proactor.engine.uring.ffm;

import io.proactor.engine.uring.ffm.HeldCompletions.Held;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A ring that meets faults, from a seed. It never lies about bytes: a receive is shortened before
 * the kernel sees it, a submission that is to fail never gets there, and a multishot that is to
 * end is really cancelled, so what the engine sees is what a kernel could have done.
 */
public final class FaultyRing implements Ring {

    private static final int[] INTERRUPTS = {Errno.EINTR, Errno.EAGAIN};
    private static final int[] ACCEPT_FAILURES = {Errno.ECONNABORTED, Errno.EPROTO, Errno.EMFILE,
        Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM};
    private static final int[] CONNECT_FAILURES =
            {Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.EHOSTUNREACH};
    private static final int LINKS = Sqe.IOSQE_IO_LINK | Sqe.IOSQE_IO_HARDLINK;
    private static final int TURNS_MAX = 5;
    private static final int REPEAT_TURNS_MAX = 50;
    private static final int ROOM_MAX = 6;

    private final Ring ring;
    private final RingFaults faults;
    private final SplittableRandom random;
    private final HeldCompletions held = new HeldCompletions();

    // Multishot submissions that live, and the last completion of those that are being ended.
    private final Set<Long> multishots = new HashSet<>();
    private final Map<Long, Held> ending = new HashMap<>();

    // Of those that are being ended, the ones that are to end for want of buffers.
    private final Set<Long> starving = new HashSet<>();

    // Submissions that pick a buffer, with its group; and a buffer of each group that the kernel
    // has picked without need.
    private final Map<Long, Integer> groups = new HashMap<>();
    private final SpareBuffers spares;

    // What the kernel is to carry out within the next submission, telling only failure, and so at
    // once or never.
    private final Set<Long> quiet = new HashSet<>();

    private final long[] userData = new long[64];
    private final int[] results = new int[64];
    private final int[] flags = new int[64];

    // The first entry of the chain that is being prepared; null between chains.
    private @Nullable Long chain;
    // Prepared entries that the kernel never sees; taken, as it were, by the next enter.
    private int withheld;
    private int room = Integer.MAX_VALUE;
    private int reapable = Integer.MAX_VALUE;
    private boolean lost;

    FaultyRing(Ring ring, RingFaults faults, SplittableRandom random) {
        this.ring = ring;
        this.faults = faults;
        this.random = random;
        spares = new SpareBuffers(ring);
    }

    @Override
    public void registerFileTable(int slots) throws SystemCallException {
        ring.registerFileTable(slots);
    }

    @Override
    public BufferRing registerBufferRing(int group, int entries) throws SystemCallException {
        return ring.registerBufferRing(group, entries);
    }

    @Override
    public void enable() throws SystemCallException {
        ring.enable();
    }

    @Override
    public int space() {
        return Math.min(room, ring.space());
    }

    @Override
    public int prepared() {
        return ring.prepared() + withheld;
    }

    @Override
    public void prepare(int opcode, int sqeFlags, int ioprio, int fd, long offset, long address,
            int length, int opFlags, int bufferGroup, int fileIndex, long userData) {
        if (space() == 0) {
            throw new IllegalStateException("The submission queue is full; enter first.");
        }
        room--;
        boolean chained = chain != null || (sqeFlags & LINKS) != 0;
        if (chained) {
            chain = chain == null ? Long.valueOf(userData) : chain;
            held.chain(userData, chain);
            chain = (sqeFlags & LINKS) == 0 ? null : chain;
        }
        int error = chained ? 0 : failure(opcode, sqeFlags);
        if (error != 0) {
            withheld++;
            held.add(userData, -error, 0, 1);
            return;
        }
        if (opcode == Opcode.IORING_OP_RECV && (sqeFlags & Sqe.IOSQE_BUFFER_SELECT) != 0) {
            groups.put(userData, bufferGroup);
        }
        if (multishot(opcode, ioprio, length)) {
            multishots.add(userData);
        }
        int some = shortened(opcode, length);
        int flags = some == length ? sqeFlags : sqeFlags & ~Sqe.IOSQE_CQE_SKIP_SUCCESS;
        if (quiet(opcode, sqeFlags)) {
            quiet.add(userData);
        }
        ring.prepare(opcode, flags, ioprio, fd, offset, address, some, opFlags, bufferGroup,
                fileIndex, userData);
    }

    private static boolean quiet(int opcode, int sqeFlags) {
        return opcode != Opcode.IORING_OP_ASYNC_CANCEL
                && (sqeFlags & Sqe.IOSQE_CQE_SKIP_SUCCESS) != 0;
    }

    private static boolean multishot(int opcode, int ioprio, int length) {
        return switch (opcode) {
            case Opcode.IORING_OP_RECV -> (ioprio & Sqe.IORING_RECV_MULTISHOT) != 0;
            case Opcode.IORING_OP_ACCEPT -> (ioprio & Sqe.IORING_ACCEPT_MULTISHOT) != 0;
            case Opcode.IORING_OP_POLL_ADD -> (length & Sqe.IORING_POLL_ADD_MULTI) != 0;
            default -> false;
        };
    }

    private int failure(int opcode, int sqeFlags) {
        boolean moves = opcode == Opcode.IORING_OP_RECV || opcode == Opcode.IORING_OP_SEND;
        boolean accepts = opcode == Opcode.IORING_OP_ACCEPT;
        boolean selects = (sqeFlags & Sqe.IOSQE_BUFFER_SELECT) != 0;
        if ((moves || accepts) && strikes(Fault.INTERRUPT)) {
            return any(INTERRUPTS);
        }
        if (moves && strikes(Fault.RESET)) {
            return Errno.ECONNRESET;
        }
        if (selects && strikes(Fault.NO_BUFFERS)) {
            return Errno.ENOBUFS;
        }
        if (accepts && strikes(Fault.FAIL_ACCEPT)) {
            return any(ACCEPT_FAILURES);
        }
        return opcode == Opcode.IORING_OP_CONNECT && strikes(Fault.FAIL_CONNECT)
                ? any(CONNECT_FAILURES) : 0;
    }

    private int shortened(int opcode, int length) {
        boolean moves = opcode == Opcode.IORING_OP_RECV || opcode == Opcode.IORING_OP_SEND;
        return moves && length > 1 && strikes(Fault.SHORTEN) ? 1 + random.nextInt(length - 1)
                : length;
    }

    @Override
    public int enter(int waitFor, long timeoutNanos) {
        if (lost || strikes(Fault.LOST)) {
            lost = true;
            return -Errno.EBADR;
        }
        held.nextTurn();
        reapable = Integer.MAX_VALUE;
        if (strikes(Fault.BUSY)) {
            return 0;
        }
        int taken = ring.enter(held.any() ? 0 : waitFor, timeoutNanos);
        room = strikes(Fault.FULL) ? 1 + random.nextInt(ROOM_MAX) : Integer.MAX_VALUE;
        if (taken < 0) {
            return taken;
        }
        taken += withheld;
        withheld = 0;
        collect();
        if (ring.prepared() == 0 && !ring.overflowed()) {
            quiet.clear();
        }
        if (held.ready() > 1 && strikes(Fault.OVERFLOW)) {
            reapable = 1 + random.nextInt(held.ready() - 1);
        }
        return taken;
    }

    @Override
    public boolean needsEnter() {
        return ring.needsEnter() || held.any() || !ending.isEmpty();
    }

    @Override
    public boolean overflowed() {
        return reapable != Integer.MAX_VALUE || ring.overflowed();
    }

    @Override
    public int ready() {
        collect();
        return Math.min(reapable, held.ready());
    }

    @Override
    public int reap(long[] userData, int[] results, int[] flags) {
        int count = Math.min(ready(), userData.length);
        for (int i = 0; i < count; i++) {
            Held next = held.take();
            userData[i] = next.userData();
            results[i] = next.result();
            flags[i] = next.flags();
        }
        if (reapable != Integer.MAX_VALUE) {
            reapable -= count;
        }
        return count;
    }

    private void collect() {
        int count;
        do {
            count = ring.reap(userData, results, flags);
            for (int i = 0; i < count; i++) {
                if (userData[i] != RESERVED_USER_DATA) {
                    collect(userData[i], results[i], flags[i]);
                } else if (!spares.collect(results[i], flags[i]) && results[i] == -Errno.EALREADY) {
                    cancelAgain();
                }
            }
        } while (count == userData.length);
    }

    private void collect(long userData, int result, int flags) {
        boolean more = Cqe.more(flags);
        if (ending.containsKey(userData)) {
            end(userData, result, flags);
        } else if (more && multishots.contains(userData) && ring.space() > 0
                && strikes(Fault.CLEAR_MORE)) {
            end(userData);
            ending.put(userData, new Held(userData, result, flags, 0));
        } else if (more && groups.containsKey(userData) && ring.space() > 0
                && strikes(Fault.NO_BUFFERS)) {
            end(userData);
            starving.add(userData);
            ending.put(userData, new Held(userData, result, flags, 0));
        } else {
            pass(userData, result, flags);
        }
    }

    private void end(long userData) {
        ring.cancel(userData, Sqe.IOSQE_CQE_SKIP_SUCCESS, RESERVED_USER_DATA);
    }

    /** One of them was just at work, and may go back to waiting. */
    private void cancelAgain() {
        for (Long each : ending.keySet()) {
            if (ring.space() > 0) {
                end(each);
            }
        }
    }

    /** What it has still posted is passed on; the last that is not the cancel's lacks F_MORE. */
    private void end(long userData, int result, int flags) {
        Held last = ending.remove(userData);
        assert last != null : "looked up by the caller";
        if (Cqe.more(flags)) {
            pass(userData, last.result(), last.flags());
            ending.put(userData, new Held(userData, result, flags, 0));
        } else if (result == -Errno.ECANCELED && starving.remove(userData)) {
            pass(userData, last.result(), last.flags());
            pass(userData, -Errno.ENOBUFS, 0);
        } else if (result == -Errno.ECANCELED) {
            pass(userData, last.result(), last.flags() & ~Cqe.IORING_CQE_F_MORE);
        } else {
            starving.remove(userData);
            pass(userData, last.result(), last.flags());
            pass(userData, result, flags);
        }
    }

    private void pass(long userData, int result, int flags) {
        if (!Cqe.more(flags)) {
            multishots.remove(userData);
            Integer group = groups.remove(userData);
            if (group != null && result <= 0 && (flags & Cqe.IORING_CQE_F_BUFFER) == 0
                    && result != -Errno.ENOBUFS && strikes(Fault.BUFFER_AT_END)) {
                flags |= spares.take(group);
            }
        }
        held.add(userData, result, flags,
                !quiet.contains(userData) && strikes(Fault.DELAY)
                        ? 1 + random.nextInt(TURNS_MAX) : 0);
        if (!Cqe.more(flags) && (flags & Cqe.IORING_CQE_F_BUFFER) == 0
                && strikes(Fault.REPEAT)) {
            held.add(userData, result, flags, 1 + random.nextInt(REPEAT_TURNS_MAX));
        }
    }

    private boolean strikes(Fault fault) {
        return faults.strikes(fault, random);
    }

    private int any(int[] errors) {
        return errors[random.nextInt(errors.length)];
    }

    @Override
    public void close() {
        ring.close();
        spares.close();
    }
}
