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
    private @Nullable AddressMemo addresses;  // made when there is the first target

    private long name = SlotTable.NONE;   // of what is in flight, or NONE
    private @Nullable TransferSlab slab;  // not null exactly while a receive into it is in flight
    private @Nullable BufferGroup group;  // not null exactly while the kernel is to pick from it
    private boolean cancelling;  // true exactly from the cancel of the request to its completion

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
     * @param expectNothing true if the last receive has emptied the socket
     */
    void submit(ReadOperation read, boolean look, boolean expectNothing) throws IOException {
        assert name == SlotTable.NONE;
        Requests requests = handle.loop().requests();
        int fd = handle.descriptor().fd();
        boolean pollFirst = expectNothing && !look;
        if (read.waits()) {
            name = requests.poll(this, fd, false);
        } else if (read.needsBuffer()) {
            name = receive(requests, fd, read.bytesMax(), true, pollFirst);
        } else {
            ByteBuffer target = read.target();
            int bytes = Math.min(target.remaining(), RECEIVE_BYTES_MAX);
            if (addresses == null) {
                addresses = new AddressMemo();
            }
            long address = addresses.address(target);
            name = address == 0 ? receive(requests, fd, bytes, false, pollFirst)
                    : requests.receive(this, target, fd, address, bytes, pollFirst);
        }
        handle.submitted();
        if (look) {
            cancel();
        }
    }

    /**
     * A receive into memory of the loop's.
     *
     * @param lease whether that memory is to be leased to the application
     */
    private long receive(Requests requests, int fd, int wanted, boolean lease, boolean pollFirst)
            throws IOException {
        PickedBuffers buffers = handle.loop().buffers();
        if (buffers != null) {
            BufferGroup from = lease ? buffers.leased() : buffers.copied();
            group = from;
            return requests.receiveSelected(this, fd, from.group(),
                    Math.min(wanted, from.bufferBytes()), pollFirst);
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
        group = null;
        if (slab != null) {
            Leaked.keep(slab);
            slab = null;
        }
    }

    @Override
    public void onCompletion(int result, int flags) {
        assert name != SlotTable.NONE;
        name = SlotTable.NONE;
        cancelling = false;
        handle.completed();
        BufferGroup from = group;
        group = null;
        TransferSlab bounce = slab;
        slab = null;
        int bufferId = Cqe.bufferId(flags);
        boolean emptied = (flags & Cqe.IORING_CQE_F_SOCK_NONEMPTY) == 0;
        ReadSide reads = handle.reads();
        try {
            if (result < 0) {
                reads.onError(-result, from);
            } else if (bufferId >= 0 && from != null) {
                from.received(bufferId, result);
                reads.onBytes(result, from.filled(bufferId, result), from, bufferId,
                        emptied);
            } else {
                reads.onBytes(result, bounce == null ? null : bounce.bytes().clear().limit(result),
                        null, bufferId, emptied);
            }
        } finally {
            if (bufferId >= 0 && from != null) {
                from.giveBack(bufferId);
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
