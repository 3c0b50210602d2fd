package io.proactor.engine.uring;

import io.proactor.contract.Faults;
import io.proactor.engine.uring.ffm.BufferRing;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.Opcode;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.Sqe;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A ring whose submissions fail, or move less than they could, as {@link Faults} of the contract
 * say, which think of system calls: what fails is not submitted, what is short is submitted with
 * a shorter length. "Nothing at this moment" is one byte, since a ring waits by itself.
 */
final class ContractRing implements Ring {

    private record Failed(long userData, int error) {}

    // struct msghdr and struct iovec, LP64: sendmsg(2)
    private static final long MESSAGE_BYTES = 56;
    private static final long MESSAGE_VECTORS = 16;
    private static final long MESSAGE_VECTOR_COUNT = 24;
    private static final long VECTOR_BYTES = 16;

    /** What is said to be wanted where the kernel fills as much as a buffer has room for. */
    private static final int BUFFER_BYTES = 8_192;

    private final Ring ring;
    private final Faults faults;

    // Failed since the last enter, and those whose completions can be reaped. The owner.
    private final ArrayDeque<Failed> prepared = new ArrayDeque<>();
    private final ArrayDeque<Failed> failed = new ArrayDeque<>();

    ContractRing(Ring ring, Faults faults) {
        this.ring = ring;
        this.faults = faults;
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
        return ring.space();
    }

    @Override
    public int prepared() {
        return ring.prepared() + prepared.size();
    }

    @Override
    public void prepare(int opcode, int sqeFlags, int ioprio, int fd, long offset, long address,
            int length, int opFlags, int bufferGroup, int fileIndex, long userData) {
        try {
            int allowed = allowed(opcode, address, length);
            if (opcode == Opcode.IORING_OP_SENDMSG && allowed >= 0) {
                MemorySegment first = firstVector(address);
                ring.send(fd, first.get(ValueLayout.JAVA_LONG, 0), allowed, opFlags, ioprio,
                        sqeFlags & ~Sqe.IOSQE_CQE_SKIP_SUCCESS, userData);
                return;
            }
            boolean cut = allowed >= 0 && allowed != length;
            boolean once = cut && opcode == Opcode.IORING_OP_RECV;  // what is short ends there
            ring.prepare(opcode, cut ? sqeFlags & ~Sqe.IOSQE_CQE_SKIP_SUCCESS : sqeFlags,
                    once ? ioprio & ~Sqe.IORING_RECV_MULTISHOT : ioprio, fd, offset, address,
                    cut ? allowed : length, opFlags, bufferGroup, once ? 0 : fileIndex, userData);
        } catch (IOException e) {
            prepared.add(new Failed(userData, errno(e)));
        }
    }

    /** Returns how many bytes it may move; -1 if it is to go as it is. */
    private int allowed(int opcode, long address, int length) throws IOException {
        switch (opcode) {
            case Opcode.IORING_OP_ACCEPT -> throwUnlessNull(faults.onAccept());
            case Opcode.IORING_OP_CONNECT -> throwUnlessNull(faults.onConnect());
            case Opcode.IORING_OP_RECV -> {
                int wanted = length == 0 ? BUFFER_BYTES : length;
                int allowed = faults.onRead(wanted);
                return allowed == wanted ? -1 : Math.max(1, allowed);
            }
            case Opcode.IORING_OP_SEND -> {
                return length == 0 ? -1 : Math.max(1, faults.onWrite(length));
            }
            case Opcode.IORING_OP_SENDMSG -> {
                int wanted = (int) firstVector(address).get(ValueLayout.JAVA_LONG, Long.BYTES);
                return wanted == 0 ? -1 : Math.max(1, faults.onWrite(wanted));
            }
            default -> { }
        }
        return -1;
    }

    /** Returns the first vector of a message that has bytes, or its last one. */
    @SuppressWarnings("restricted")
    private static MemorySegment firstVector(long message) {
        MemorySegment header = MemorySegment.ofAddress(message).reinterpret(MESSAGE_BYTES);
        long vectors = header.get(ValueLayout.JAVA_LONG, MESSAGE_VECTORS);
        long count = header.get(ValueLayout.JAVA_LONG, MESSAGE_VECTOR_COUNT);
        MemorySegment vector;
        long i = 0;
        do {
            vector = MemorySegment.ofAddress(vectors + i++ * VECTOR_BYTES)
                    .reinterpret(VECTOR_BYTES);
        } while (i < count && vector.get(ValueLayout.JAVA_LONG, Long.BYTES) == 0);
        return vector;
    }

    private static void throwUnlessNull(@Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** The words are those of strerror(3), which the JDK's own channels use. */
    private static int errno(IOException failure) {
        return switch (String.valueOf(failure.getMessage())) {
            case "Software caused connection abort" -> Errno.ECONNABORTED;
            case "Too many open files" -> Errno.EMFILE;
            case "Connection reset by peer", "Connection reset" -> Errno.ECONNRESET;
            case "Broken pipe" -> Errno.EPIPE;
            case "Cannot assign requested address" -> Errno.EADDRNOTAVAIL;
            default -> Errno.EIO;
        };
    }

    @Override
    public int enter(int waitFor, long timeoutNanos) {
        failed.addAll(prepared);
        int taken = prepared.size();
        prepared.clear();
        int result = ring.enter(failed.isEmpty() ? waitFor : 0, timeoutNanos);
        return result < 0 ? result : result + taken;
    }

    @Override
    public boolean needsEnter() {
        return !prepared.isEmpty() || ring.needsEnter();
    }

    @Override
    public boolean overflowed() {
        return ring.overflowed();
    }

    @Override
    public int ready() {
        return ring.ready() + failed.size();
    }

    @Override
    public int reap(long[] userData, int[] results, int[] flags) {
        if (failed.isEmpty()) {
            return ring.reap(userData, results, flags);
        }
        int count = 0;
        while (!failed.isEmpty() && count < userData.length) {
            Failed next = failed.remove();
            userData[count] = next.userData();
            results[count] = -next.error();
            flags[count++] = 0;
        }
        return count;
    }

    @Override
    public void close() {
        ring.close();
    }
}
