package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SocketAddresses;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/**
 * One accept that a listener may have in flight, with a place that was admitted for it. The loop's
 * thread.
 */
final class AcceptRequest implements Requester {

    /** What each needs of the listener's memory: room for an address, and its length. */
    static final int BYTES = SocketAddresses.BYTES_MAX + Long.BYTES;

    private final UringListenHandle handle;
    private final Slab memory;
    private final long offset;
    private long request = SlotTable.NONE;  // what is in flight, or NONE
    private boolean cancelling;  // true exactly from the cancel of the request to its completion

    AcceptRequest(UringListenHandle handle, Slab memory, long offset) {
        this.handle = handle;
        this.memory = memory;
        this.offset = offset;
    }

    boolean inFlight() {
        return request != SlotTable.NONE;
    }

    void submit(Requests requests, int fd, boolean wait) {
        assert request == SlotTable.NONE;
        memory.memory().set(ValueLayout.JAVA_INT, offset + SocketAddresses.BYTES_MAX,
                SocketAddresses.BYTES_MAX);
        request = requests.accept(this, memory, fd, memory.address() + offset, wait);
    }

    /** After a connection was taken: the address that it had then, though it may be gone by now. */
    InetSocketAddress remote() {
        return SocketAddresses.decode(memory.memory(), offset);
    }

    void cancel(Requests requests) {
        if (request != SlotTable.NONE && !cancelling) {
            cancelling = true;
            requests.cancel(request);
        }
    }

    /** Nothing will be heard of the request any more. */
    void forget() {
        request = SlotTable.NONE;
        cancelling = false;
    }

    @Override
    public void onCompletion(int result, int flags) {
        forget();
        handle.onAccepted(this, result, (flags & Cqe.IORING_CQE_F_SOCK_NONEMPTY) != 0);
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }
}
