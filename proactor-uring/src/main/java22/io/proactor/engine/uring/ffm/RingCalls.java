package io.proactor.engine.uring.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The three system calls of io_uring on one ring, with the memory that their arguments lie in.
 * The owner of the ring, and before it is enabled whoever opened it.
 */
final class RingCalls implements AutoCloseable {

    // The numbers are the same on x86-64 and on all asm-generic architectures.
    private static final long IO_URING_SETUP = 425;
    private static final long IO_URING_ENTER = 426;
    private static final long IO_URING_REGISTER = 427;

    private static final int IORING_ENTER_GETEVENTS = 1;
    private static final int IORING_ENTER_EXT_ARG = 1 << 3;
    private static final int IORING_ENTER_REGISTERED_RING = 1 << 4;
    private static final int IORING_ENTER_NO_IOWAIT = 1 << 7;

    private static final int IORING_REGISTER_PROBE = 8;
    private static final int IORING_REGISTER_ENABLE_RINGS = 12;
    private static final int IORING_REGISTER_FILES2 = 13;
    private static final int IORING_REGISTER_RING_FDS = 20;
    private static final int IORING_UNREGISTER_RING_FDS = 21;
    private static final int IORING_REGISTER_PBUF_RING = 22;
    private static final int IORING_RSRC_REGISTER_SPARSE = 1;

    // struct io_uring_getevents_arg, and behind it struct __kernel_timespec
    private static final long ARGUMENT_BYTES = 24;
    private static final long ARGUMENT_TIMESPEC = 16;
    private static final long SECONDS = ARGUMENT_BYTES;
    private static final long NANOS = SECONDS + 8;
    private static final long TIMED_BYTES = NANOS + 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int PROBE_OPS = 256;
    private static final long PROBE_HEADER_BYTES = 16;
    private static final long PROBE_OP_BYTES = 8;
    private static final int IO_URING_OP_SUPPORTED = 1;

    // Shared: opened by one thread, used by another, and never by two at a time.
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Libc.CALL_STATE);
    private final MemorySegment argument = arena.allocate(TIMED_BYTES, Long.BYTES);
    private final int fd;

    // What enter names the ring by: an index of the owner's own table once that is registered,
    // which saves the kernel a look at the process's descriptors.
    private int enterFd;
    private int enterFlags;

    RingCalls(int fd, int features) {
        this.fd = fd;
        this.enterFd = fd;
        this.enterFlags = IORING_ENTER_GETEVENTS
                | ((features & SetupFlags.IORING_FEAT_NO_IOWAIT) != 0 ? IORING_ENTER_NO_IOWAIT : 0);
        argument.set(ValueLayout.JAVA_LONG, ARGUMENT_TIMESPEC, argument.address() + SECONDS);
    }

    static int setup(int entries, MemorySegment params) {
        try (Arena arena = Arena.ofConfined()) {
            return call(arena.allocate(Libc.CALL_STATE), IO_URING_SETUP, entries, params.address(),
                    0, 0, 0, 0);
        }
    }

    /**
     * Always with GETEVENTS: with DEFER_TASKRUN completions are posted in no other way
     * (io_uring_setup(2)).
     */
    int enter(int submit, int waitFor, long timeoutNanos) {
        if (waitFor == 0 || timeoutNanos == Ring.FOREVER) {
            return call(state, IO_URING_ENTER, enterFd, submit, waitFor, enterFlags, 0, 0);
        }
        assert timeoutNanos >= 0 : timeoutNanos;
        argument.set(ValueLayout.JAVA_LONG, SECONDS, timeoutNanos / NANOS_PER_SECOND);
        argument.set(ValueLayout.JAVA_LONG, NANOS, timeoutNanos % NANOS_PER_SECOND);
        return call(state, IO_URING_ENTER, enterFd, submit, waitFor,
                enterFlags | IORING_ENTER_EXT_ARG, argument.address(), ARGUMENT_BYTES);
    }

    void enable() throws SystemCallException {
        register("IORING_REGISTER_ENABLE_RINGS", IORING_REGISTER_ENABLE_RINGS, 0, 0);
        try (Arena scratch = Arena.ofConfined()) {
            // struct io_uring_rsrc_update: offset, reserved, data
            MemorySegment update = scratch.allocate(16, Long.BYTES);
            update.set(ValueLayout.JAVA_INT, 0, -1);
            update.set(ValueLayout.JAVA_LONG, 8, fd);
            // Refused where the thread has 16 already; then the plain descriptor does.
            if (register(IORING_REGISTER_RING_FDS, update.address(), 1) == 1) {
                enterFd = update.get(ValueLayout.JAVA_INT, 0);
                enterFlags |= IORING_ENTER_REGISTERED_RING;
            }
        }
    }

    /**
     * The owner, while its thread lives. Without this the table of the thread would keep the ring
     * alive, closed as it may be, until the thread ends.
     */
    void disown() {
        if ((enterFlags & IORING_ENTER_REGISTERED_RING) != 0) {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment update = scratch.allocate(16, Long.BYTES);
                update.set(ValueLayout.JAVA_INT, 0, enterFd);
                int result = register(IORING_UNREGISTER_RING_FDS, update.address(), 1);
                assert result == 1 : Errno.describe(-result);
            }
            enterFlags &= ~IORING_ENTER_REGISTERED_RING;
            enterFd = fd;
        }
    }

    void registerFileTable(int slots) throws SystemCallException {
        try (Arena scratch = Arena.ofConfined()) {
            // struct io_uring_rsrc_register: nr, flags, resv2, data, tags
            MemorySegment table = scratch.allocate(32, Long.BYTES);
            table.set(ValueLayout.JAVA_INT, 0, slots);
            table.set(ValueLayout.JAVA_INT, 4, IORING_RSRC_REGISTER_SPARSE);
            register("IORING_REGISTER_FILES2", IORING_REGISTER_FILES2, table.address(),
                    (int) table.byteSize());
        }
    }

    void registerBufferRing(BufferRing ring) throws SystemCallException {
        try (Arena scratch = Arena.ofConfined()) {
            // struct io_uring_buf_reg: ring_addr, ring_entries, bgid, flags, resv[3]
            MemorySegment registration = scratch.allocate(40, Long.BYTES);
            registration.set(ValueLayout.JAVA_LONG, 0, ring.address());
            registration.set(ValueLayout.JAVA_INT, 8, ring.entries());
            registration.set(ValueLayout.JAVA_SHORT, 12, (short) ring.group());
            register("IORING_REGISTER_PBUF_RING", IORING_REGISTER_PBUF_RING,
                    registration.address(), 1);
        }
    }

    /** Returns which kinds of submission the kernel knows, by {@link Opcode}. */
    boolean[] supportedOpcodes() throws SystemCallException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment probe = scratch.allocate(
                    PROBE_HEADER_BYTES + PROBE_OP_BYTES * PROBE_OPS, Long.BYTES);
            register("IORING_REGISTER_PROBE", IORING_REGISTER_PROBE, probe.address(), PROBE_OPS);
            boolean[] supported = new boolean[PROBE_OPS];
            for (int i = 0; i < PROBE_OPS; i++) {
                short flags = probe.get(ValueLayout.JAVA_SHORT,
                        PROBE_HEADER_BYTES + PROBE_OP_BYTES * i + 2);
                supported[i] = (flags & IO_URING_OP_SUPPORTED) != 0;
            }
            return supported;
        }
    }

    private void register(String what, int opcode, long address, int count)
            throws SystemCallException {
        int result = register(opcode, address, count);
        if (result < 0) {
            throw new SystemCallException("io_uring_register(" + what + ")", -result);
        }
    }

    private int register(int opcode, long address, int count) {
        return call(state, IO_URING_REGISTER, fd, opcode, address, count, 0, 0);
    }

    private static int call(MemorySegment state, long number, long a, long b, long c, long d,
            long e, long f) {
        try {
            long result = (long) Libc.SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
            return result < 0 ? -Libc.errno(state) : (int) result;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Frees the memory of the arguments; the descriptor is the mapping's to close. */
    @Override
    public void close() {
        arena.close();
    }
}
