package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.Opcode;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.SocketAddresses;
import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.Sqe;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/**
 * The requests of one loop: gives each a slot, prepares it in the ring, and hands what comes back
 * to whoever has submitted it. A request is named by what {@link SlotTable} says; each method that
 * prepares one returns the name.
 *
 * <p>If the submission queue is full, what is prepared is submitted first; nothing is ever dropped.
 *
 * <p>Threads: the loop's.
 */
final class Requests implements AutoCloseable {

    /** More than this per submission costs the caches more than it saves calls. */
    static final int SUBMISSION_ENTRIES = 256;

    /** What comes at once at most in most loops; the kernel keeps what is above. */
    static final int COMPLETION_ENTRIES = 4_096;

    /** Until the kernel has memory again; it is not waited for longer than some milliseconds. */
    private static final int FLUSHES_MAX = 10_000;

    // struct msghdr and struct iovec, LP64: sendmsg(2)
    private static final int MESSAGE_BYTES = 56;
    private static final int MESSAGE_VECTORS = 16;
    private static final int MESSAGE_VECTOR_COUNT = 24;
    private static final int VECTOR_BYTES = 16;

    private final Ring ring;
    private final SlotTable slots = new SlotTable();
    private final CompletionList completions = new CompletionList(COMPLETION_ENTRIES);
    private final QuietSends quiet = new QuietSends();
    private final PreparedCloses closes = new PreparedCloses();
    private final ScratchMemory scratch;
    private long entriesTaken;  // by the kernel, since the beginning
    private boolean broken;     // true exactly from when the ring can no longer be entered

    Requests(Ring ring) throws SystemCallException {
        this.ring = ring;
        scratch = new ScratchMemory();
    }

    // ---- Preparing ----------------------------------------------------------------------------

    /** Receives into memory that belongs to {@code pinned}. */
    long receive(Requester requester, Object pinned, int fd, long address, int bytes,
            boolean expectNothing) {
        makeRoom();
        long name = slots.take(Opcode.IORING_OP_RECV, requester, pinned);
        ring.recv(fd, address, bytes, 0, pollFirst(expectNothing), 0, name);
        return name;
    }

    /** Receives into a buffer of the group that the kernel picks when there is something. */
    long receiveSelected(Requester requester, int fd, int group, int bytesMax,
            boolean expectNothing) {
        makeRoom();
        long name = slots.take(Opcode.IORING_OP_RECV, requester, null);
        ring.recvSelect(fd, group, bytesMax, 0, pollFirst(expectNothing), 0, name);
        return name;
    }

    /**
     * Receives, and goes on, into buffers of the group.
     *
     * @param bytesMax after how many bytes it is to end; 0 for never
     */
    long receiveStream(Requester requester, int fd, int group, int bytesMax) {
        makeRoom();
        long name = slots.take(Opcode.IORING_OP_RECV, requester, null);
        ring.recvStream(fd, group, bytesMax, 0, 0, name);
        return name;
    }

    /** True saves the kernel a look for bytes that are not there. */
    private static int pollFirst(boolean expectNothing) {
        return expectNothing ? Sqe.IORING_RECVSEND_POLL_FIRST : 0;
    }

    /** Sends memory that belongs to {@code pinned}. */
    long send(Requester requester, Object pinned, int fd, long address, int bytes,
            SendMode mode) {
        makeRoom();
        long name = slots.take(Opcode.IORING_OP_SEND, requester, pinned);
        ring.send(fd, address, bytes, mode.messageFlags, 0, mode.entryFlags, name);
        prepared(name, bytes, mode);
        return name;
    }

    /** Sends the first {@code count} of the vectors, which have so many bytes. */
    long send(Requester requester, Object pinned, int fd, long[] addresses, int[] lengths,
            int count, int bytes, SendMode mode) {
        makeRoom();
        int offset = takeScratch(MESSAGE_BYTES + count * VECTOR_BYTES);
        MemorySegment memory = scratch.memory();
        memory.asSlice(offset, MESSAGE_BYTES).fill((byte) 0);
        int vectors = offset + MESSAGE_BYTES;
        memory.set(ValueLayout.JAVA_LONG, offset + MESSAGE_VECTORS, scratch.address(vectors));
        memory.set(ValueLayout.JAVA_LONG, offset + MESSAGE_VECTOR_COUNT, count);
        for (int i = 0; i < count; i++) {
            long at = vectors + (long) i * VECTOR_BYTES;
            memory.set(ValueLayout.JAVA_LONG, at, addresses[i]);
            memory.set(ValueLayout.JAVA_LONG, at + Long.BYTES, lengths[i]);
        }
        long name = slots.take(Opcode.IORING_OP_SENDMSG, requester, pinned);
        ring.sendMessage(fd, scratch.address(offset), mode.messageFlags, 0, mode.entryFlags,
                name);
        prepared(name, bytes, mode);
        return name;
    }

    private void prepared(long name, int bytes, SendMode mode) {
        if (mode == SendMode.AT_ONCE) {
            quiet.add(name, bytes);
        }
    }

    long connect(Requester requester, int fd, int family, InetSocketAddress remote) {
        makeRoom();
        return connect(requester, fd, family, remote, 0);
    }

    /**
     * As above; what there is room for of {@code first} is sent as soon as the connection stands.
     * Only the connect is submitted if there is no room for both, which go together or not at all.
     */
    long connect(Requester requester, int fd, int family, InetSocketAddress remote,
            FirstData first) {
        makeRoom(2);
        if (ring.space() < 2) {
            return connect(requester, fd, family, remote, 0);
        }
        long name = connect(requester, fd, family, remote, Sqe.IOSQE_IO_LINK);
        long send = slots.take(Opcode.IORING_OP_SEND, first, first);
        ring.send(fd, first.address(), first.bytes(), SendMode.AT_ONCE.messageFlags, 0, 0, send);
        first.submitted(send);
        return name;
    }

    private long connect(Requester requester, int fd, int family, InetSocketAddress remote,
            int entryFlags) {
        int offset = takeScratch(SocketAddresses.BYTES_MAX);
        int bytes = SocketAddresses.encode(remote, family, scratch.memory(), offset);
        long name = slots.take(Opcode.IORING_OP_CONNECT, requester, null);
        ring.connect(fd, scratch.address(offset), bytes, entryFlags, name);
        return name;
    }

    /**
     * Takes a connection.
     *
     * @param address where its peer's address goes: {@link SocketAddresses#BYTES_MAX}, and behind
     *     it an int that says so and gets the length
     * @param wait false to take one only if it is there
     */
    long accept(Requester requester, Object pinned, int fd, long address, boolean wait) {
        makeRoom();
        long name = slots.take(Opcode.IORING_OP_ACCEPT, requester, pinned);
        ring.accept(fd, address, address + SocketAddresses.BYTES_MAX, SocketFlags.SOCK_CLOEXEC,
                Ring.NO_SLOT,
                wait ? 0 : Sqe.IORING_ACCEPT_DONTWAIT, 0, name);
        return name;
    }

    long poll(Requester requester, int fd, boolean multishot) {
        makeRoom();
        long name = slots.take(Opcode.IORING_OP_POLL_ADD, requester, null);
        ring.poll(fd, SocketFlags.POLLIN, multishot, 0, name);
        return name;
    }

    /** Waits until there is room to send, or an error, or the end. */
    long pollRoom(Requester requester, int fd) {
        makeRoom();
        long name = slots.take(Opcode.IORING_OP_POLL_ADD, requester, null);
        ring.poll(fd, SocketFlags.POLLOUT, false, 0, name);
        return name;
    }

    /** Does nothing, and is over in the next turn. */
    long nextTurn(Requester requester) {
        makeRoom();
        // Named as a poll: the kind of one that does nothing is 0, which names no request.
        long name = slots.take(Opcode.IORING_OP_POLL_ADD, requester, null);
        ring.nop(0, name);
        return name;
    }

    /** Asks for the end of a request; its own completion tells how it ended. */
    void cancel(long name) {
        assert slots.live(name);
        makeRoom();
        ring.cancel(name, Sqe.IOSQE_CQE_SKIP_SUCCESS,
                SlotTable.withKind(name, Opcode.IORING_OP_ASYNC_CANCEL));
    }

    /**
     * Closes a descriptor that nothing in flight refers to, in the order of what is submitted. In
     * the turn that asks for it, and nobody is told.
     */
    void close(int fd) {
        if (broken) {
            SystemCalls.close(fd);
            return;
        }
        boolean room = false;
        try {
            makeRoom();
            room = true;
        } finally {
            if (!room) {
                SystemCalls.close(fd);
            }
        }
        ring.closeDescriptor(fd, Sqe.IOSQE_CQE_SKIP_SUCCESS,
                SlotTable.withKind(fd, Opcode.IORING_OP_CLOSE));
        closes.add(fd, entriesTaken + ring.prepared());
    }

    private void makeRoom() {
        makeRoom(1);
    }

    /** A ring that is smaller, or says so, may have no room for so many even then. */
    private void makeRoom(int entries) {
        if (ring.space() < entries) {
            flush();
        }
    }

    private int takeScratch(int bytes) {
        if (ring.prepared() == 0) {
            scratch.reset();
        }
        if (!scratch.hasRoom(bytes)) {
            flush();
            scratch.reset();
        }
        return scratch.take(bytes);
    }

    /** Has the kernel take all that is prepared. */
    private void flush() {
        for (int count = 0; ring.prepared() > 0; count++) {
            enter(0, 0);
            if (ring.prepared() > 0) {
                completions.reap(ring);  // it may want room for what it has to tell
                if (count == FLUSHES_MAX) {
                    throw new RingFailure(Errno.EBUSY);
                }
                Thread.onSpinWait();
            }
        }
    }

    // ---- The loop's turn ----------------------------------------------------------------------

    /** Returns whether there is something to tell. */
    boolean completionsReady() {
        return !completions.isEmpty() || ring.ready() > 0 || !quiet.isEmpty();
    }

    /** Submits what is prepared, and takes what the kernel holds back, without waiting. */
    void submit() {
        if (ring.prepared() > 0 || ring.needsEnter()) {
            enter(0, 0);
        }
    }

    /**
     * As {@link #submit}, and waits until there is a completion or the time is over; not if what is
     * submitted may be complete without one.
     */
    void submitAndWait(long timeoutNanos) {
        enter(quiet.isEmpty() ? 1 : 0, timeoutNanos);
    }

    private void enter(int waitFor, long timeoutNanos) {
        int prepared = ring.prepared();
        int result = ring.enter(waitFor, timeoutNanos);
        entriesTaken += prepared - ring.prepared();
        closes.taken(entriesTaken);
        if (result < 0) {
            broken = true;
            throw new RingFailure(-result);
        }
        quiet.entered(ring);
    }

    /** Takes the completions and tells those whose requests they are of. */
    void complete() {
        completions.reap(ring);
        int over = quiet.over(ring);
        while (!completions.isEmpty()) {
            int index = completions.next();
            complete(completions.name(index), completions.result(index),
                    completions.flags(index));
        }
        for (int i = 0; i < over; i++) {
            if (slots.live(quiet.name(i))) {
                complete(quiet.name(i), quiet.bytes(i), 0);  // no completion: all of it went out
            }
        }
        quiet.remove(over);
    }

    private void complete(long name, int result, int flags) {
        if (SlotTable.kindOf(name) == Opcode.IORING_OP_ASYNC_CANCEL) {
            cancelled(name, result);
            return;
        }
        if (SlotTable.kindOf(name) == Opcode.IORING_OP_CLOSE) {
            throw new IllegalStateException("The kernel does not close a descriptor: "
                    + Errno.describe(-result));
        }
        Requester requester = slots.find(name);
        if (requester == null) {
            return;
        }
        if (!Cqe.more(flags)) {
            slots.free(name);
        }
        try {
            requester.onCompletion(result, flags);
        } catch (RingFailure e) {
            throw e;
        } catch (Throwable e) {
            requester.onFailure(e);
        }
    }

    /**
     * A cancel that has failed: the request was just being carried out and may have gone back to
     * waiting (EALREADY), or was not to be found (ENOENT). Then it is over, and has said so before
     * this; or it was between two of its steps, and goes on: so if its slot is not free, the same
     * once more. Liburing issue 1375.
     */
    private void cancelled(long name, int result) {
        if ((result == -Errno.EALREADY || result == -Errno.ENOENT) && slots.live(name)) {
            makeRoom();
            ring.cancel(name(name), Sqe.IOSQE_CQE_SKIP_SUCCESS, name);
        }
    }

    /** Returns the name of the request that a cancel was about. */
    private long name(long cancel) {
        return SlotTable.withKind(cancel, slots.kind(cancel));
    }

    /** Asks for the end of everything. */
    void cancelAll() {
        makeRoom();
        ring.cancelAll(Sqe.IOSQE_CQE_SKIP_SUCCESS, SlotTable.withKind(SlotTable.NONE,
                Opcode.IORING_OP_ASYNC_CANCEL));
    }

    /** Returns how many requests are in flight. */
    int inFlight() {
        return slots.inFlight();
    }

    /**
     * Gives the ring and its memory back.
     *
     * <p>Safety: if something is in flight, its memory must never be freed; see {@link Leaked}.
     */
    @Override
    public void close() {
        if (inFlight() > 0) {
            Leaked.keep(slots);
        }
        ring.close();
        closes.closeRest();
        scratch.close();
    }
}
