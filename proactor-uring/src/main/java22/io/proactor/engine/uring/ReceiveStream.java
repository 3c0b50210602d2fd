package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.engine.uring.ffm.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A receive of one connection that goes on by itself: one submission, and a completion each time
 * bytes come, in a buffer that the kernel picks then. It ends at the end of the stream, by an
 * error, for want of buffers, when it is cancelled, and when the connection has used up its credit:
 * the kernel itself has no idea of a reader that is behind. What comes while nobody reads waits in
 * {@link ArrivedBytes}; an error that comes then waits too.
 *
 * <pre>
 * IDLE --arm--&gt; ARMED --cancel--&gt; CANCELLING
 *   ^             |                    |
 *   +-------------+---- last ----------+     the completion without F_MORE
 * </pre>
 *
 * <p>In ARMED and CANCELLING the socket must not be closed; no other receive, and no poll, may be
 * in flight on it. All methods belong to the loop's thread.
 */
final class ReceiveStream implements Requester {

    private final UringStreamHandle handle;
    private final ArrivedBytes arrived;

    private long name = SlotTable.NONE;   // of the request; NONE exactly if IDLE
    private @Nullable BufferGroup group;  // from which the kernel picks; null exactly if IDLE
    private boolean cancelling;           // true exactly in CANCELLING
    private boolean limited;              // true exactly if the kernel was asked to end it
    private int error;  // 0, or the errno that ended the stream and that no read was told yet

    /** @param arrived takes what comes */
    ReceiveStream(UringStreamHandle handle, ArrivedBytes arrived) {
        this.handle = handle;
        this.arrived = arrived;
    }

    boolean inFlight() {
        return name != SlotTable.NONE;
    }

    /** Returns whether a read would be told an error, once it has what has arrived. */
    boolean failed() {
        return error != 0;
    }

    /** Returns the error, which is told once. */
    int takeError() {
        int taken = error;
        error = 0;
        return taken;
    }

    /**
     * Not with POLL_FIRST, whatever is expected: if bytes and a reset are there by then, the kernel
     * (seen on Linux 6.18) tells the bytes, waits for an event that has been, and never tells the
     * reset. Without it the first look takes the bytes, and the poll that follows finds the reset.
     * Compare liburing issue 1549, which is about the end of the stream.
     */
    void arm(BufferGroup from) {
        assert !inFlight();
        assert arrived.isEmpty();
        assert !failed();
        PickedBuffers buffers = handle.loop().buffers();
        assert buffers != null;
        limited = buffers.limited();
        int bytesMax = limited ? ArrivedBytes.CREDIT * from.bufferBytes() : 0;
        name = handle.loop().requests().receiveStream(this, handle.descriptor().fd(),
                from.group(), bytesMax);
        group = from;
        handle.submitted();
    }

    void cancel() {
        assert inFlight();
        if (!cancelling) {
            cancelling = true;
            handle.loop().requests().cancel(name);
        }
    }

    /** The connection ends, or the handle. */
    void end() {
        error = 0;
        if (inFlight()) {
            cancel();
        }
    }

    /** Nothing will be heard of it any more. */
    void forget() {
        name = SlotTable.NONE;
        group = null;
        cancelling = false;
    }

    @Override
    public void onCompletion(int result, int flags) {
        assert inFlight();
        BufferGroup from = group;
        assert from != null;
        boolean last = !Cqe.more(flags);
        if (last) {
            forget();
            handle.completed();
        }
        boolean kept = false;
        int bufferId = Cqe.bufferId(flags);
        boolean brought = bufferId >= 0;
        try {
            if (result > 0 && brought) {
                from.received(bufferId, result);
                kept = !handle.ending() && keep(from, bufferId, result);
            }
        } finally {
            if (brought && !kept) {
                from.giveBack(bufferId);  // also at the end of the stream, and of a cancelled one
            }
        }
        tell(result, flags, from);
        if (inFlight() && arrived.full()) {
            cancel();
        }
        handle.settle();
    }

    /** Has the bytes wait in the buffer, unless the read takes them all at once. */
    private boolean keep(BufferGroup from, int bufferId, int bytes) {
        return !(arrived.isEmpty() && handle.reads().take(from, bufferId, bytes))
                && arrived.add(from, bufferId, bytes);
    }

    private void tell(int result, int flags, BufferGroup from) {
        if (result > 0) {
            handle.reads().onArrived(result, (flags & Cqe.IORING_CQE_F_SOCK_NONEMPTY) == 0);
        } else if (result == 0) {
            handle.reads().onStreamEnd();
        } else {
            onError(-result, from);
        }
    }

    private void onError(int errno, BufferGroup from) {
        PickedBuffers buffers = handle.loop().buffers();
        boolean again = switch (errno) {
            case Errno.ECANCELED, Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS -> true;
            default -> false;
        };
        if (errno == Errno.EINVAL && limited && buffers != null) {
            buffers.notLimited();
            again = true;
        }
        if (!again && !handle.ending()) {
            error = errno;
        }
        handle.reads().onStreamStopped(errno == Errno.ENOBUFS ? from : null);
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }
}
