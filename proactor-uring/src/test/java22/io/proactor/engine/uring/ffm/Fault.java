package io.proactor.engine.uring.ffm;

/**
 * What a {@link FaultyRing} does to its user. Each is something that a kernel does, or has done;
 * none makes bytes or connections disappear without a word.
 */
public enum Fault {
    /** A receive or send moves less than it could: its length is cut before the kernel sees it. */
    SHORTEN,
    /** A receive, send or accept ends with EINTR or EAGAIN, and nothing has happened. */
    INTERRUPT,
    /** A receive or send ends with ECONNRESET. */
    RESET,
    /** An accept ends with ECONNABORTED, EPROTO, EMFILE, ENFILE, ENOBUFS or ENOMEM. */
    FAIL_ACCEPT,
    /** A connect ends with ECONNREFUSED, ETIMEDOUT or EHOSTUNREACH. */
    FAIL_CONNECT,
    /** A receive finds no provided buffer: ENOBUFS. One that goes on, also midway. */
    NO_BUFFERS,
    /** A receive that picked a buffer has it although it ends without bytes. */
    BUFFER_AT_END,
    /** A completion comes some turns later, and so in another order. Also a notification. */
    DELAY,
    /** A multishot submission ends although nobody asked: its last completion lacks F_MORE. */
    CLEAR_MORE,
    /** The submission queue has room for a few entries only until it is entered. */
    FULL,
    /** The ring says that it has overflowed, and gives the rest only after it is entered. */
    OVERFLOW,
    /** The kernel wants to be asked again: nothing is taken, nobody waits. EBUSY, EAGAIN, EINTR. */
    BUSY,
    /** A terminal completion comes once more, much later. No kernel does this; bugs of ours did. */
    REPEAT,
    /** A completion was lost: the ring is broken from here on. EBADR. */
    LOST
}
