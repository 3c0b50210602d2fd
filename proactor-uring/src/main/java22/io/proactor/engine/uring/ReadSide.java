package io.proactor.engine.uring;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.ProactorShutdownException;
import io.proactor.engine.event.CarryOver;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.ReceiveClaim;
import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.ReceiveBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The incoming direction of a connection. All methods belong to the loop's thread.
 *
 * <p>A read is one request at a time: a receive straight into the initiator's buffer if that is
 * memory that stays where it is; otherwise one into a buffer that the kernel picks, from which it
 * is copied; or a poll. Whatever is asked of it meanwhile, the read ends only when the kernel has
 * said how the request did, and the bytes that it brought count.
 */
final class ReadSide implements Requester, BufferGroup.Starved {

    /** The kernel counts in an int; and the longer a receive, the coarser a cancel. */
    private static final int RECEIVE_BYTES_MAX = 1 << 30;

    private final UringStreamHandle handle;
    private final AddressMemo addresses = new AddressMemo();
    private @Nullable CarryOver carry;     // made when something is first left over
    private @Nullable ReceiveClaim claim;  // made when there is something to receive
    private @Nullable TransferSlab slab;   // not null exactly while a receive into it is in flight

    private boolean taken;  // true exactly while a read is PENDING or ABORTING and known here

    // What is in flight; NONE exactly if the read waits for something else, or there is none.
    private long request = SlotTable.NONE;

    private boolean cancelling;     // true exactly from the cancel of the request to its completion
    private boolean picked;         // true exactly if the kernel was to pick the last one's buffer
    private boolean starved;        // true exactly while in line for a buffer
    private boolean lookedAgain;    // true exactly from the last look of a read that timed out
    private boolean expectNothing;  // true if the last receive has emptied the socket

    ReadSide(UringStreamHandle handle) {
        this.handle = handle;
    }

    // ---- What the handle asks for -------------------------------------------------------------

    /** Takes the read up if there is a new one; ends it if that was asked for. */
    void advance() {
        ReadOperation read = handle.read();
        boolean fresh = !taken && read.pending();
        taken |= fresh;
        if (!taken || !handle.connectionMade()) {
            return;
        }
        AbortReason reason = read.aborting();
        if (request != SlotTable.NONE) {
            if (reason != null || mustNotWait()) {
                cancel();
            }
        } else if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (!starved) {
            perform(read);
        }
        if (fresh && taken) {
            handle.arm(read);
        }
    }

    /** All queued writes are out. */
    void onWritesFlushed() {
        if (handle.loop().draining()) {
            advance();
        }
    }

    /** The handle ends: so does the read, at once if the kernel has nothing of it. */
    void end() {
        ReadOperation read = handle.read();
        taken |= read.pending();
        if (!taken) {
            return;
        }
        if (request != SlotTable.NONE) {
            cancel();
        } else {
            finish(read, handle.endFailure(read.bytesMoved()));
        }
    }

    /** Nothing will be heard of the request any more. */
    void forgetRequest() {
        request = SlotTable.NONE;
        cancelling = false;
        if (slab != null) {
            Leaked.keep(slab);
            slab = null;
        }
    }

    /** The connection is over, and the next one begins without a trace of it. */
    void reset() {
        assert !taken;
        assert request == SlotTable.NONE;
        carry = null;
        claim = null;  // old leases may still be open: the next connection has its own credit
        expectNothing = false;
    }

    boolean inFlight() {
        return request != SlotTable.NONE;
    }

    private boolean mustNotWait() {
        return handle.loop().draining() && handle.writes().isEmpty();
    }

    private boolean hasCarry() {
        return carry != null && !carry.isEmpty();
    }

    // ---- Performing ---------------------------------------------------------------------------

    private void perform(ReadOperation read) {
        assert taken;
        assert request == SlotTable.NONE;
        try {
            if (read.waits()) {
                if (hasCarry()) {
                    finish(read, null);
                } else {
                    submit(read);
                }
                return;
            }
            if (read.needsBuffer() && (hasCarry() ? !equip(read) : lacksCredit())) {
                return;  // the claim's signal comes
            }
            if (hasCarry() && takeCarry(read) || read.full()) {
                finish(read, read.full() && !read.satisfied()
                        ? new DelimiterNotFoundException(read.bytesMoved()) : null);
                return;
            }
            submit(read);
        } catch (IOException | RuntimeException | Error e) {
            fail(read, e);
        }
    }

    /** Errors too: want of memory must not leave an operation without an end. */
    private void fail(ReadOperation read, Throwable cause) {
        if (cause instanceof RingFailure failure) {
            throw failure;
        }
        if (taken && request == SlotTable.NONE) {
            finish(read, Failures.transfer(cause, read.bytesMoved()));
        } else {
            handle.context().listener().processorFailed(cause);
        }
    }

    private boolean takeCarry(ReadOperation read) {
        assert carry != null;
        boolean satisfied = read.fill(carry.bytes());
        carry.taken();
        return satisfied;
    }

    private ReceiveClaim claim() {
        if (claim == null) {
            claim = new ReceiveClaim(handle.loop().receiveBuffers(), handle::lookAgain);
        }
        return claim;
    }

    /** Picks a buffer for what a receive has brought. False if there is none now. */
    private boolean equip(ReadOperation receive) {
        ReceiveBuffer buffer = claim().take();
        if (buffer == null) {
            return false;
        }
        receive.equip(buffer);
        return true;
    }

    /** True if the connection has all the leases it may have; then its bytes stay in the kernel. */
    private boolean lacksCredit() {
        ReceiveClaim mine = claim();
        if (mine.held() < handle.loop().receiveBuffers().limits().leasesPerSocket()) {
            return false;
        }
        ReceiveBuffer buffer = mine.take();
        if (buffer != null) {
            buffer.giveBack();  // one came back in between
        }
        return buffer == null;
    }

    private void submit(ReadOperation read) throws IOException {
        Requests requests = handle.loop().requests();
        int fd = handle.descriptor().fd();
        boolean look = mustNotWait() || lookedAgain || !read.waits() && read.satisfied();
        boolean pollFirst = expectNothing && !look;
        picked = false;
        ByteBuffer target = read.waits() || read.needsBuffer() ? null : read.target();
        long address = target == null ? 0 : addresses.address(target);
        int bytesMax = Math.min(target == null ? BufferGroup.BUFFER_BYTES : target.remaining(),
                RECEIVE_BYTES_MAX);
        if (read.waits()) {
            request = requests.poll(this, fd, false);
        } else if (address != 0 && target != null) {
            request = requests.receive(this, target, fd, address, bytesMax, pollFirst);
        } else {
            int wanted = read.needsBuffer() ? Math.min(read.bytesMax(), bytesMax) : bytesMax;
            request = bounced(requests, fd, wanted, pollFirst);
        }
        handle.submitted();
        if (look) {
            cancel();  // it takes what is there, and does not wait
        }
    }

    /** A receive into memory of the loop's. */
    private long bounced(Requests requests, int fd, int wanted, boolean pollFirst)
            throws IOException {
        if (handle.loop().buffers() != null) {
            picked = true;
            return requests.receiveSelected(this, fd, BufferGroup.GROUP,
                    Math.min(wanted, BufferGroup.BUFFER_BYTES), pollFirst);
        }
        TransferSlab bounce = handle.loop().slabs().take();
        slab = bounce;
        return requests.receive(this, bounce, fd, bounce.address(),
                Math.min(wanted, TransferSlab.BYTES), pollFirst);
    }

    private void cancel() {
        if (!cancelling) {
            cancelling = true;
            handle.loop().requests().cancel(request);
        }
    }

    // ---- What the kernel says -----------------------------------------------------------------

    @Override
    public void onCompletion(int result, int flags) {
        assert taken;
        assert request != SlotTable.NONE;
        request = SlotTable.NONE;
        cancelling = false;
        handle.completed();
        int bufferId = Cqe.bufferId(flags);
        TransferSlab bounce = slab;
        slab = null;
        ReadOperation read = handle.read();
        try {
            if (result > 0) {
                expectNothing = (flags & Cqe.IORING_CQE_F_SOCK_NONEMPTY) == 0;
                onBytes(read, result, arrived(result, bufferId, bounce));
            } else if (result == 0) {
                onEnd(read);
            } else {
                onError(read, -result);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(read, e);
        } finally {
            giveBack(bufferId, bounce);
        }
        handle.settle();
    }

    private @Nullable ByteBuffer arrived(int bytes, int bufferId, @Nullable TransferSlab bounce) {
        BufferGroup buffers = handle.loop().buffers();
        if (bufferId >= 0 && buffers != null) {
            return buffers.filled(bufferId, bytes);
        }
        return bounce == null ? null : bounce.bytes().clear().limit(bytes);
    }

    private void giveBack(int bufferId, @Nullable TransferSlab bounce) {
        BufferGroup buffers = handle.loop().buffers();
        if (bufferId >= 0 && buffers != null) {
            buffers.giveBack(bufferId);
        }
        if (bounce != null) {
            handle.loop().slabs().giveBack(bounce);
        }
    }

    /**
     * @param arrived where the bytes are; null if in the target
     */
    private void onBytes(ReadOperation read, int count, @Nullable ByteBuffer arrived) {
        if (read.waits()) {
            finish(read, null);
            return;
        }
        if (arrived == null) {
            ByteBuffer target = read.target();
            target.position(target.position() + count);
            if (read.satisfied()) {
                keep(target, target.position(), read.surplusEnd());
                finish(read, null);
                return;
            }
        } else {
            boolean satisfied = (!read.needsBuffer() || equip(read)) && read.fill(arrived);
            keep(arrived, arrived.position(), arrived.limit());
            if (satisfied) {
                finish(read, null);
                return;
            }
        }
        goOn(read);
    }

    private void keep(ByteBuffer source, int from, int to) {
        if (to > from) {
            if (carry == null) {
                carry = new CarryOver();
            }
            carry.put(source, from, to);
        }
    }

    /** The read has got something, and not enough. */
    private void goOn(ReadOperation read) {
        AbortReason reason = read.aborting();
        if (read.full()) {
            finish(read, new DelimiterNotFoundException(read.bytesMoved()));
        } else if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (handle.ending()) {
            finish(read, handle.endFailure(read.bytesMoved()));
        } else if (!read.needsBuffer()) {
            perform(read);
        }
        // Else it waits for a buffer: the claim has said that it would signal.
    }

    private void onEnd(ReadOperation read) {
        if (read.waits()) {
            finish(read, null);
        } else if (handle.ending()) {
            finish(read, handle.endFailure(read.bytesMoved()));
        } else if (read.bytesMoved() > 0) {
            finish(read, new EndOfStreamException(read.bytesMoved()));
        } else {
            read.endOfStream();
            finish(read, null);
        }
    }

    private void onError(ReadOperation read, int errno) throws IOException {
        AbortReason reason = read.aborting();
        if (handle.ending()) {
            finish(read, reason != null ? Failures.aborted(reason, read.bytesMoved())
                    : handle.endFailure(read.bytesMoved()));
            return;
        }
        switch (errno) {
            case Errno.ECANCELED, Errno.EINTR, Errno.EAGAIN -> onNothing(read, reason);
            case Errno.ENOBUFS -> {
                if (!picked) {
                    finish(read, Errors.transfer("recv", errno, read.bytesMoved()));
                } else if (reason != null) {
                    finish(read, Failures.aborted(reason, read.bytesMoved()));
                } else {
                    lineUp();
                }
            }
            default -> finish(read, Errors.transfer("recv", errno, read.bytesMoved()));
        }
    }

    /** The request was cancelled, or has found nothing. */
    private void onNothing(ReadOperation read, @Nullable AbortReason reason) throws IOException {
        if (reason == AbortReason.TIMED_OUT && !lookedAgain && !read.full()) {
            // After a pause of the whole process, bytes that came in time may be there that nobody
            // has looked for yet.
            lookedAgain = true;
            submit(read);
        } else if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (!read.waits() && read.satisfied()) {
            finish(read, null);  // a read of at least nothing
        } else if (mustNotWait()) {
            finish(read, new ProactorShutdownException(read.bytesMoved()));
        } else {
            submit(read);
        }
    }

    private void lineUp() {
        BufferGroup buffers = handle.loop().buffers();
        assert buffers != null;
        starved = true;
        buffers.lineUp(this);
    }

    @Override
    public void onBuffers() {
        starved = false;
        if (taken && request == SlotTable.NONE && !handle.ending()) {
            advance();
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }

    private void finish(ReadOperation read, @Nullable Throwable cause) {
        assert request == SlotTable.NONE;
        taken = false;
        lookedAgain = false;
        if (claim != null) {
            claim.waive();
        }
        handle.finish(read, cause);
    }
}
