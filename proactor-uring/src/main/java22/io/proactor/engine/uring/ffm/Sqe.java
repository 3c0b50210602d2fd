package io.proactor.engine.uring.ffm;

/** Flags of a submission queue entry, as linux/io_uring.h spells them, and where its fields lie. */
public final class Sqe {

    /** The descriptor is a slot of the registered file table. */
    public static final int IOSQE_FIXED_FILE = 1;
    /** The next entry starts when this one has succeeded; if not, it ends with ECANCELED. */
    public static final int IOSQE_IO_LINK = 1 << 2;
    /** The next entry starts when this one has ended, whatever its result. */
    public static final int IOSQE_IO_HARDLINK = 1 << 3;
    /** The kernel picks a buffer of the group when data is there. */
    public static final int IOSQE_BUFFER_SELECT = 1 << 5;
    /** Success posts no completion. Whoever waits for one after such an entry waits for ever. */
    public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

    /** ioprio of receives and sends: wait for readiness first, without a first attempt. */
    public static final int IORING_RECVSEND_POLL_FIRST = 1;
    /** ioprio of receives with BUFFER_SELECT: go on until F_MORE is absent. */
    public static final int IORING_RECV_MULTISHOT = 1 << 1;
    /** ioprio of zero-copy sends: the notification tells in its result whether it copied. */
    public static final int IORING_SEND_ZC_REPORT_USAGE = 1 << 3;

    /** ioprio of accepts: go on until F_MORE is absent. */
    public static final int IORING_ACCEPT_MULTISHOT = 1;
    /** ioprio of accepts: EAGAIN if no connection waits. */
    public static final int IORING_ACCEPT_DONTWAIT = 1 << 1;
    /** ioprio of accepts: wait for a connection first, without a first attempt. */
    public static final int IORING_ACCEPT_POLL_FIRST = 1 << 2;

    /** Flag of a cancellation: all that match, not only the first. */
    public static final int IORING_ASYNC_CANCEL_ALL = 1;
    /** Flag of a cancellation: whatever the ring has in flight. */
    public static final int IORING_ASYNC_CANCEL_ANY = 1 << 2;

    /** Flag of a poll: go on until F_MORE is absent. */
    static final int IORING_POLL_ADD_MULTI = 1;
    /** Flag of a splice: the descriptor read from is a slot of the registered file table. */
    public static final int SPLICE_F_FD_IN_FIXED = 1 << 31;
    /** Index by which the kernel is asked to choose a slot itself. */
    static final int IORING_FILE_INDEX_ALLOC = -1;

    // struct io_uring_sqe; opcode, flags and ioprio are written as one little-endian int.
    static final int BYTES = 64;
    static final long FD = 4;
    static final long OFF = 8;
    static final long ADDR = 16;
    static final long LEN = 24;
    static final long OP_FLAGS = 28;
    static final long USER_DATA = 32;
    static final long BUF_GROUP = 40;
    static final long FILE_INDEX = 44;
    static final long ADDR3 = 48;
    static final long PAD2 = 56;

    private Sqe() {}
}
