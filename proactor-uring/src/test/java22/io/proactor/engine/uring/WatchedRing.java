package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.BufferRing;
import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.Opcode;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.Sqe;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A ring that keeps books on the requests in flight, independently of the engine, and holds
 * completions back when {@link RingWatch} says so. The owner's thread.
 */
final class WatchedRing implements Ring {

    private record Completion(long userData, int result, int flags) {}

    /** How long a wait lasts at most while something is held back: nobody wakes the ring. */
    private static final long LOOK_NANOS = 1_000_000;

    private final Ring ring;
    private final RingWatch watch;

    // What is in flight, as the engine sees it: until it has reaped the terminal completion.
    private final Map<Long, Integer> opcodes = new HashMap<>();

    // Those of which only failure is told: prepared, and carried out.
    private final Set<Long> quiet = new HashSet<>();
    private final Set<Long> carriedOut = new HashSet<>();

    private final ArrayDeque<Completion> ready = new ArrayDeque<>();
    private final ArrayDeque<Completion> held = new ArrayDeque<>();

    private boolean lost;  // true exactly from the enter after RingWatch.lose

    private final long[] userData = new long[64];
    private final int[] results = new int[64];
    private final int[] flags = new int[64];

    WatchedRing(Ring ring, RingWatch watch) {
        this.ring = ring;
        this.watch = watch;
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
        int space = ring.space();
        if (space == 0) {
            watch.full.incrementAndGet();
        }
        return space;
    }

    @Override
    public int prepared() {
        return ring.prepared();
    }

    /** A cancel is not counted: where it succeeds it has no completion. */
    @Override
    public void prepare(int opcode, int sqeFlags, int ioprio, int fd, long offset, long address,
            int length, int opFlags, int bufferGroup, int fileIndex, long userData) {
        boolean receive = opcode == Opcode.IORING_OP_RECV;
        // An offset is what no kernel accepts of a receive, as the older ones do not a limit.
        ring.prepare(opcode, sqeFlags, ioprio, fd,
                receive && fileIndex != 0 && watch.refusesLimits ? 1 : offset, address, length,
                opFlags, bufferGroup, fileIndex, userData);
        if (receive) {
            watch.receives.incrementAndGet();
            watch.streams.addAndGet((ioprio & Sqe.IORING_RECV_MULTISHOT) != 0 ? 1 : 0);
        }
        if (opcode == Opcode.IORING_OP_SEND || opcode == Opcode.IORING_OP_SENDMSG) {
            watch.sends.incrementAndGet();
        } else if (opcode == Opcode.IORING_OP_NOP
                || opcode == Opcode.IORING_OP_POLL_ADD && opFlags == SocketFlags.POLLOUT) {
            watch.pauses.incrementAndGet();
        }
        if (opcode != Opcode.IORING_OP_ASYNC_CANCEL) {
            Integer earlier = opcodes.put(userData, opcode);
            assert earlier == null : "two requests in flight of one name";
            watch.requests.incrementAndGet();
            if ((sqeFlags & Sqe.IOSQE_CQE_SKIP_SUCCESS) != 0) {
                quiet.add(userData);
            }
        }
    }

    @Override
    public int enter(int waitFor, long timeoutNanos) {
        watch.enters.incrementAndGet();
        lost |= watch.takeLoss();
        if (lost) {
            return -Errno.EBADR;
        }
        collect();
        boolean bounded = watch.holding() || !held.isEmpty();
        long limit = bounded && (timeoutNanos == FOREVER || timeoutNanos > LOOK_NANOS)
                ? LOOK_NANOS : timeoutNanos;
        int taken = ring.enter(ready.isEmpty() ? waitFor : 0, limit);
        if (ring.overflowed()) {
            watch.overflows.incrementAndGet();
        }
        if (ring.prepared() == 0) {
            carriedOut.addAll(quiet);
            quiet.clear();
        }
        return taken;
    }

    @Override
    public boolean needsEnter() {
        return ring.needsEnter();
    }

    @Override
    public boolean overflowed() {
        return ring.overflowed();
    }

    @Override
    public int ready() {
        collect();
        return ready.size();
    }

    @Override
    public int reap(long[] userData, int[] results, int[] flags) {
        collect();
        int count = 0;
        while (count < userData.length && !ready.isEmpty()) {
            Completion next = ready.remove();
            book(next);
            userData[count] = next.userData();
            results[count] = next.result();
            flags[count++] = next.flags();
        }
        return count;
    }

    private void book(Completion completion) {
        Integer opcode = opcodes.get(completion.userData());
        boolean live = opcode != null;
        if (live && opcode == Opcode.IORING_OP_RECV && completion.result() > 0) {
            watch.received.addAndGet(completion.result());
        }
        if (live && !Cqe.more(completion.flags())) {
            opcodes.remove(completion.userData());
            watch.requests.decrementAndGet();
        }
        if (!live && !ofCancel(completion.userData())) {
            watch.unexpected.incrementAndGet();
        }
        if (completion.result() < 0) {
            watch.failed(-completion.result());
        }
    }

    private static boolean ofCancel(long userData) {
        return SlotTable.kindOf(userData) == Opcode.IORING_OP_ASYNC_CANCEL;
    }

    private void collect() {
        int count;
        do {
            count = ring.reap(userData, results, flags);
            for (int i = 0; i < count; i++) {
                Completion next = new Completion(userData[i], results[i], flags[i]);
                Integer opcode = opcodes.get(userData[i]);
                (opcode != null && watch.holds(opcode) ? held : ready).add(next);
            }
        } while (count == userData.length);
        if (!ring.overflowed()) {
            ready.forEach(each -> carriedOut.remove(each.userData()));
            held.forEach(each -> carriedOut.remove(each.userData()));
            carriedOut.forEach(this::succeeded);
            carriedOut.clear();
        }
        if (!watch.holding()) {
            ready.addAll(held);
            held.clear();
        }
        watch.held.set(held.size());
    }

    /** It was carried out, and nothing was told of it. */
    private void succeeded(long name) {
        if (opcodes.remove(name) != null) {
            watch.requests.decrementAndGet();
            watch.quiet.incrementAndGet();
        }
    }

    @Override
    public void close() {
        watch.leftAtClose.addAndGet(opcodes.size());
        watch.requests.addAndGet(-opcodes.size());
        ring.close();
    }
}
