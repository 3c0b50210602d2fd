package io.proactor.engine.uring.ffm;

/** Flags of a completion queue entry, as linux/io_uring.h spells them, and where its fields lie. */
public final class Cqe {

    /** The upper half of the flags names the buffer that the kernel picked. */
    public static final int IORING_CQE_F_BUFFER = 1;
    /** The request lives on and posts more. */
    public static final int IORING_CQE_F_MORE = 1 << 1;
    /** After a receive: more bytes lie in the socket. Also at end of stream. */
    public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;
    /** The notification of a zero-copy send: the kernel has given the buffer back. */
    public static final int IORING_CQE_F_NOTIF = 1 << 3;
    /** The kernel goes on using the rest of this buffer (incremental rings). */
    public static final int IORING_CQE_F_BUF_MORE = 1 << 4;

    // struct io_uring_cqe
    static final int BYTES = 16;
    static final long USER_DATA = 0;
    static final long RES = 8;
    static final long FLAGS = 12;

    private static final int BUFFER_SHIFT = 16;

    private Cqe() {}

    /** Returns whether the request posts more after this; if not, its slot may be freed. */
    public static boolean more(int flags) {
        return (flags & IORING_CQE_F_MORE) != 0;
    }

    /** Returns the buffer that the kernel picked, or -1 if it picked none. */
    public static int bufferId(int flags) {
        return (flags & IORING_CQE_F_BUFFER) == 0 ? -1 : flags >>> BUFFER_SHIFT;
    }
}
