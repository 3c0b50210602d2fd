package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.operation.ReadOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection's read has in flight: a receive straight into the initiator's buffer if that is
 * memory that stays where it is; otherwise one into memory of the loop's, from which it is copied;
 * or a poll. One at a time. All methods belong to the loop's thread.
 */
final class ReadRequest implements Requester {

    /** The kernel counts in an int; and the longer a receive, the coarser a cancel. */
    private static final int RECEIVE_BYTES_MAX = 1 << 30;

    private final UringStreamHandle handle;
    private final AddressMemo addresses = new AddressMemo();

    private long name = SlotTable.NONE;   // of what is in flight, or NONE
    private @Nullable TransferSlab slab;  // not null exactly while a receive into it is in flight
    private boolean cancelling;     // true exactly from the cancel of the request to its completion
    private boolean picks;          // true exactly if the kernel is, or was last, to pick a buffer
    private boolean expectNothing;  // true if the last receive has emptied the socket

    ReadRequest(UringStreamHandle handle) {
        this.handle = handle;
    }

    boolean inFlight() {
        return name != SlotTable.NONE;
    }

    /**
     * Has the kernel perform the read.
     *
     * @param look true to take what is there, and not to wait
     */
    void submit(ReadOperation read, boolean look) throws IOException {
        assert name == SlotTable.NONE;
        Requests requests = handle.loop().requests();
        int fd = handle.descriptor().fd();
        boolean pollFirst = expectNothing && !look;
        picks = false;
        if (read.waits()) {
            name = requests.poll(this, fd, false);
        } else if (read.needsBuffer()) {
            name = receive(requests, fd, read.bytesMax(), pollFirst);
        } else {
            ByteBuffer target = read.target();
            int bytes = Math.min(target.remaining(), RECEIVE_BYTES_MAX);
            long address = addresses.address(target);
            name = address == 0 ? receive(requests, fd, bytes, pollFirst)
                    : requests.receive(this, target, fd, address, bytes, pollFirst);
        }
        handle.submitted();
        if (look) {
            cancel();
        }
    }

    /** A receive into memory of the loop's. */
    private long receive(Requests requests, int fd, int wanted, boolean pollFirst)
            throws IOException {
        if (handle.loop().buffers() != null) {
            picks = true;
            return requests.receiveSelected(this, fd, BufferGroup.GROUP,
                    Math.min(wanted, BufferGroup.BUFFER_BYTES), pollFirst);
        }
        TransferSlab bounce = handle.loop().slabs().take();
        slab = bounce;
        return requests.receive(this, bounce, fd, bounce.address(),
                Math.min(wanted, TransferSlab.BYTES), pollFirst);
    }

    void cancel() {
        if (!cancelling) {
            cancelling = true;
            handle.loop().requests().cancel(name);
        }
    }

    /** Nothing will be heard of it any more. */
    void forget() {
        name = SlotTable.NONE;
        cancelling = false;
        if (slab != null) {
            Leaked.keep(slab);
            slab = null;
        }
    }

    /** The next connection begins without a trace of the last one. */
    void reset() {
        assert name == SlotTable.NONE;
        expectNothing = false;
    }

    @Override
    public void onCompletion(int result, int flags) {
        assert name != SlotTable.NONE;
        name = SlotTable.NONE;
        cancelling = false;
        handle.completed();
        expectNothing = result > 0 && (flags & Cqe.IORING_CQE_F_SOCK_NONEMPTY) == 0;
        BufferGroup buffers = handle.loop().buffers();
        int bufferId = Cqe.bufferId(flags);
        TransferSlab bounce = slab;
        slab = null;
        try {
            if (result < 0) {
                handle.reads().onError(-result, picks);
            } else if (bufferId >= 0 && buffers != null) {
                handle.reads().onBytes(result, buffers.filled(bufferId, result));
            } else {
                handle.reads().onBytes(result,
                        bounce == null ? null : bounce.bytes().clear().limit(result));
            }
        } finally {
            if (bufferId >= 0 && buffers != null) {
                buffers.giveBack(bufferId);
            }
            if (bounce != null) {
                handle.loop().slabs().giveBack(bounce);
            }
        }
        handle.settle();
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }
}
