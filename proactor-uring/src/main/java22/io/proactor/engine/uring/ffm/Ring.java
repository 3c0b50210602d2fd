package io.proactor.engine.uring.ffm;

/**
 * What a loop needs of one io_uring: room for submissions, one call that submits and waits, and
 * the completions. Implemented by {@link KernelRing}, and by decorators in tests.
 *
 * <p>Threads: whoever opened the ring registers buffers and files with it; then one thread calls
 * {@link #enable} and is the only one from there on, up to and including {@link #close}. The
 * kernel refuses others with EEXIST, and what that thread has in flight ends when the thread ends.
 *
 * <p>Ownership: memory whose address is passed for data belongs to the kernel until the terminal
 * completion of that submission ({@link Cqe#more} is false; of a zero-copy send, its
 * notification). What only describes it (socket addresses, msghdr, iovec, timespec) may be reused
 * as soon as {@link #prepared} is 0 again; except the address of an accept, which the kernel
 * writes when a connection has come.
 *
 * <p>Every prepare method takes one free entry and needs {@link #space} of at least 1; a linked
 * chain must be submitted by one {@link #enter}, so ask for the space of all of it first. Results
 * are those of the system call, errors as negative {@link Errno}. Nothing here allocates.
 *
 * <p>A parameter {@code fd} is a descriptor, or a slot of the file table if {@code sqeFlags} has
 * {@link Sqe#IOSQE_FIXED_FILE}.
 */
public interface Ring extends AutoCloseable {

    /** Says that a call is to give a plain descriptor, and not to fill a slot. */
    int NO_SLOT = -1;

    /** The user data of what a decorator submits for itself; an engine never uses it. */
    long RESERVED_USER_DATA = -1L;

    /** No limit to the wait of {@link #enter}. */
    long FOREVER = -1L;

    // ---- opening

    /**
     * Makes room for {@code slots} direct descriptors, all empty. Before or after enable.
     *
     * @throws SystemCallException EMFILE if the number exceeds RLIMIT_NOFILE
     */
    void registerFileTable(int slots) throws SystemCallException;

    /**
     * Makes a ring of provided buffers, empty, which lives until this ring is closed.
     *
     * @param group by which submissions name it, 0 to 65,535
     * @param entries a power of two, at most 32,768
     */
    BufferRing registerBufferRing(int group, int entries) throws SystemCallException;

    /** Makes the calling thread the owner of the ring. From here on entries may be submitted. */
    void enable() throws SystemCallException;

    // ---- submitting

    /** Returns how many entries can be prepared before the next {@link #enter}. */
    int space();

    /** Returns how many entries are prepared and not yet taken by the kernel. */
    int prepared();

    /**
     * Fills one entry. The methods below name what the fields mean for each kind; this one is the
     * only way down, so that a decorator sees every submission.
     *
     * @param ioprio flags of receives, sends and accepts
     * @param bufferGroup with {@link Sqe#IOSQE_BUFFER_SELECT}; otherwise 0
     * @param fileIndex a slot plus one, or the descriptor that a splice reads from; otherwise 0
     * @throws IllegalStateException if there is no {@link #space}
     */
    void prepare(int opcode, int sqeFlags, int ioprio, int fd, long offset, long address,
            int length, int opFlags, int bufferGroup, int fileIndex, long userData);

    /**
     * Submits what is prepared, lets the kernel post what it holds back, and waits. A signal ends
     * the wait early, as the time limit does: both are no errors.
     *
     * @param waitFor completions to wait for; 0 not to wait
     * @param timeoutNanos how long at most; {@link #FOREVER} for no limit; ignored if not to wait
     * @return how many entries the kernel took, 0 also when it wants completions to be reaped first
     *     ({@link #prepared} tells then what is left). Negative: the error after which this ring is
     *     not to be used any more; all that is in flight is to be failed. EBADR: a completion was
     *     lost
     */
    int enter(int waitFor, long timeoutNanos);

    /**
     * Returns whether the kernel holds back completions until the next {@link #enter}. If this is
     * false, nothing is prepared and one need not wait, then the call can be saved.
     */
    boolean needsEnter();

    /** Returns whether completions wait in the kernel because the queue was full when they came. */
    boolean overflowed();

    // ---- completions

    /** Returns how many completions can be reaped. */
    int ready();

    /**
     * Copies completions, oldest first, as many as there are and fit, and gives their room back to
     * the kernel at once.
     *
     * @return how many
     */
    int reap(long[] userData, int[] results, int[] flags);

    // ---- closing

    /**
     * Gives the ring and the memory of its buffer rings back. The owner; before {@link #enable},
     * and after the end of the owner's thread, any thread.
     *
     * <p>Safety: nothing may be in flight, or the memory of what is must never be freed: the kernel
     * goes on writing to it for a while, and nobody is told when it stops.
     */
    @Override
    void close();

    // ---- the kinds of submission

    /** Does nothing. Result 0. */
    default void nop(int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_NOP, sqeFlags, 0, -1, 0, 0, 0, 0, 0, 0, userData);
    }

    /**
     * recv(2). Result: bytes, 0 at end of stream; and for a length of 0, which is no use.
     *
     * @param ioprio 0 or {@link Sqe#IORING_RECVSEND_POLL_FIRST}
     */
    default void recv(int fd, long address, int length, int msgFlags, int ioprio, int sqeFlags,
            long userData) {
        prepare(Opcode.IORING_OP_RECV, sqeFlags, ioprio, fd, 0, address, length, msgFlags, 0, 0,
                userData);
    }

    /**
     * recv(2) into a buffer that the kernel picks from the group when data is there. Result: bytes
     * in {@link Cqe#bufferId}, 0 at end of stream, ENOBUFS if the group is empty; nothing is lost
     * then. A completion with an error may carry a buffer too.
     *
     * @param lengthMax the most bytes; 0 for as many as the buffer has room for. With
     *     {@link Sqe#IORING_RECV_MULTISHOT} 0 is the only choice before Linux 6.17
     * @param ioprio IORING_RECV_MULTISHOT, IORING_RECVSEND_POLL_FIRST
     */
    default void recvSelect(int fd, int bufferGroup, int lengthMax, int msgFlags, int ioprio,
            int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_RECV, sqeFlags | Sqe.IOSQE_BUFFER_SELECT, ioprio, fd, 0, 0,
                lengthMax, msgFlags, bufferGroup, 0, userData);
    }

    /**
     * recv(2) that goes on, each time into a buffer that the kernel picks. Every completion that is
     * not the last has F_MORE. The last one may bring bytes too; or the end of the stream; or
     * ENOBUFS if the group is empty; nothing is lost then.
     *
     * @param bytesMax after how many bytes it ends, give or take a buffer; 0 for never. Others only
     *     since Linux 6.17, before which they give EINVAL
     * @param ioprio 0 or {@link Sqe#IORING_RECVSEND_POLL_FIRST}
     */
    default void recvStream(int fd, int bufferGroup, int bytesMax, int ioprio, int sqeFlags,
            long userData) {
        // The limit lies where others have the file index: optlen of struct io_uring_sqe.
        prepare(Opcode.IORING_OP_RECV, sqeFlags | Sqe.IOSQE_BUFFER_SELECT,
                ioprio | Sqe.IORING_RECV_MULTISHOT, fd, 0, 0, 0, 0, bufferGroup, bytesMax,
                userData);
    }

    /** recvmsg(2), for a scattering read. */
    default void recvMessage(int fd, long msghdr, int msgFlags, int ioprio, int sqeFlags,
            long userData) {
        prepare(Opcode.IORING_OP_RECVMSG, sqeFlags, ioprio, fd, 0, msghdr, 1, msgFlags, 0, 0,
                userData);
    }

    /**
     * send(2). Result: bytes, perhaps fewer than {@code length}. Two in flight on one socket may
     * put their bytes on the stream in any order, so never have two.
     *
     * <p>With MSG_DONTWAIT, MSG_WAITALL and IOSQE_CQE_SKIP_SUCCESS it is carried out while the
     * entry is taken, and posts a completion, before {@link #enter} returns, only if not all bytes
     * went out: the number of those that did, or EAGAIN if none.
     */
    default void send(int fd, long address, int length, int msgFlags, int ioprio, int sqeFlags,
            long userData) {
        prepare(Opcode.IORING_OP_SEND, sqeFlags, ioprio, fd, 0, address, length, msgFlags, 0, 0,
                userData);
    }

    /** sendmsg(2), for a gathering write. As {@link #send}. */
    default void sendMessage(int fd, long msghdr, int msgFlags, int ioprio, int sqeFlags,
            long userData) {
        prepare(Opcode.IORING_OP_SENDMSG, sqeFlags, ioprio, fd, 0, msghdr, 1, msgFlags, 0, 0,
                userData);
    }

    /**
     * send(2) without a copy. Posts its result with F_MORE and, once the buffer is free, a
     * notification with F_NOTIF; an error may come without a notification (then without F_MORE).
     */
    default void sendZeroCopy(int fd, long address, int length, int msgFlags, int ioprio,
            int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_SEND_ZC, sqeFlags, ioprio, fd, 0, address, length, msgFlags, 0,
                0, userData);
    }

    /**
     * accept4(2). Result: a descriptor; or 0 if it was put into {@code slot}. Once it has
     * succeeded, a connection is there, even if it was cancelled in between.
     *
     * @param address where the peer's address goes, or 0
     * @param lengthAddress of an int that has the room there and gets the length, or 0
     * @param acceptFlags SOCK_CLOEXEC; not allowed with a slot
     * @param slot of the file table, which must be empty; {@link #NO_SLOT} for a descriptor
     * @param ioprio IORING_ACCEPT_MULTISHOT (no slot, no address), DONTWAIT, POLL_FIRST
     */
    default void accept(int fd, long address, long lengthAddress, int acceptFlags, int slot,
            int ioprio, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_ACCEPT, sqeFlags, ioprio, fd, lengthAddress, address, 0,
                acceptFlags, 0, slot + 1, userData);
    }

    /** connect(2). Result 0. */
    default void connect(int fd, long address, int addressBytes, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_CONNECT, sqeFlags, 0, fd, addressBytes, address, 0, 0, 0, 0,
                userData);
    }

    /** socket(2). Result: a descriptor; or 0 if it was put into {@code slot}. */
    default void socket(int domain, int type, int protocol, int slot, int sqeFlags,
            long userData) {
        prepare(Opcode.IORING_OP_SOCKET, sqeFlags, 0, domain, type, 0, protocol, 0, 0, slot + 1,
                userData);
    }

    /** shutdown(2). Result 0. */
    default void shutdown(int fd, int how, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_SHUTDOWN, sqeFlags, 0, fd, 0, 0, how, 0, 0, 0, userData);
    }

    /** close(2) of a descriptor. What is in flight on it lives on, so nothing may be. */
    default void closeDescriptor(int fd, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_CLOSE, sqeFlags, 0, fd, 0, 0, 0, 0, 0, 0, userData);
    }

    /** Empties a slot of the file table. {@code sqeFlags} without IOSQE_FIXED_FILE. */
    default void closeSlot(int slot, int sqeFlags, long userData) {
        assert (sqeFlags & Sqe.IOSQE_FIXED_FILE) == 0 : "the kernel refuses this with EINVAL";
        prepare(Opcode.IORING_OP_CLOSE, sqeFlags, 0, 0, 0, 0, 0, 0, 0, slot + 1, userData);
    }

    /** poll(2). Result: the events that are there. */
    default void poll(int fd, int events, boolean multishot, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_POLL_ADD, sqeFlags, 0, fd, 0, 0,
                multishot ? Sqe.IORING_POLL_ADD_MULTI : 0, events, 0, 0, userData);
    }

    /**
     * Asks for the end of a submission. Result 0, ENOENT if there is none, EALREADY if it can no
     * longer be stopped; in any case the target's own completion tells how it ended.
     */
    default void cancel(long targetUserData, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_ASYNC_CANCEL, sqeFlags, 0, -1, 0, targetUserData, 0, 0, 0, 0,
                userData);
    }

    /** Asks for the end of all that is in flight. Result: how many were found. */
    default void cancelAll(int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_ASYNC_CANCEL, sqeFlags, 0, -1, 0, 0, 0,
                Sqe.IORING_ASYNC_CANCEL_ANY | Sqe.IORING_ASYNC_CANCEL_ALL, 0, 0, userData);
    }

    /**
     * Ends the entry before it, which carries IOSQE_IO_LINK, when the time is over.
     *
     * @param timespec address of two longs, seconds and nanoseconds
     */
    default void linkTimeout(long timespec, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_LINK_TIMEOUT, sqeFlags, 0, -1, 0, timespec, 1, 0, 0, 0, userData);
    }

    /** Completes with ETIME when the time is over. {@code timespec} as of {@link #linkTimeout}. */
    default void timeout(long timespec, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_TIMEOUT, sqeFlags, 0, -1, 0, timespec, 1, 0, 0, 0, userData);
    }

    /**
     * splice(2). Result: bytes. IOSQE_FIXED_FILE is about {@code fdOut},
     * {@link Sqe#SPLICE_F_FD_IN_FIXED} about {@code fdIn}.
     *
     * @param offsetIn where to read in a file; -1 for a pipe or the file's own position
     * @param offsetOut where to write in a file; -1 for a pipe, a socket or the own position
     */
    default void splice(int fdIn, long offsetIn, int fdOut, long offsetOut, int length,
            int spliceFlags, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_SPLICE, sqeFlags, 0, fdOut, offsetOut, offsetIn, length,
                spliceFlags, 0, fdIn, userData);
    }

    /** pread(2); an offset of -1 for what has no position. Result: bytes, 0 at the end. */
    default void read(int fd, long address, int length, long offset, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_READ, sqeFlags, 0, fd, offset, address, length, 0, 0, 0,
                userData);
    }

    /** pwrite(2); an offset of -1 for what has no position. Result: bytes. */
    default void write(int fd, long address, int length, long offset, int sqeFlags,
            long userData) {
        prepare(Opcode.IORING_OP_WRITE, sqeFlags, 0, fd, offset, address, length, 0, 0, 0,
                userData);
    }

    /** Makes a descriptor, with close-on-exec, for what is in a slot. Linux 6.8. */
    default void installDescriptor(int slot, int sqeFlags, long userData) {
        prepare(Opcode.IORING_OP_FIXED_FD_INSTALL, sqeFlags | Sqe.IOSQE_FIXED_FILE, 0, slot, 0, 0,
                0, 0, 0, 0, userData);
    }
}
