package io.proactor.engine.uring;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.ProactorShutdownException;
import io.proactor.engine.event.CarryOver;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.ReceiveClaim;
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
 * <p>A read is one {@link ReadRequest} at a time. Whatever is asked of it meanwhile, it ends only
 * when the kernel has said how the request did, and the bytes that the request brought count.
 */
final class ReadSide implements BufferGroup.Starved {

    private final UringStreamHandle handle;
    private final ReadRequest request;
    private @Nullable CarryOver carry;     // made when something is first left over
    private @Nullable ReceiveClaim claim;  // made when there is something to receive

    private boolean taken;        // true exactly while a read is PENDING or ABORTING and known here
    private boolean starved;      // true exactly while in line for a buffer that the kernel picks
    private boolean lookedAgain;  // true exactly from the last look of a read that timed out

    ReadSide(UringStreamHandle handle) {
        this.handle = handle;
        request = new ReadRequest(handle);
    }

    // ---- What the handle asks for -------------------------------------------------------------

    /** Takes the read up if there is a new one; ends it if that was asked for. */
    void advance() {
        ReadOperation read = handle.read();
        boolean fresh = !taken && read.pending();
        taken |= fresh;
        if (!taken) {
            return;
        }
        AbortReason reason = read.aborting();
        if (request.inFlight()) {
            if (reason != null || mustNotWait()) {
                request.cancel();
            }
        } else if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (!starved && handle.connectionMade()) {
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
        if (request.inFlight()) {
            request.cancel();
        } else {
            finish(read, handle.endFailure(read.bytesMoved()));
        }
    }

    /** Nothing will be heard of the request any more. */
    void forgetRequest() {
        request.forget();
    }

    /** The connection is over, and the next one begins without a trace of it. */
    void reset() {
        assert !taken;
        carry = null;
        claim = null;  // old leases may still be open: the next connection has its own credit
        request.reset();
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
        assert !request.inFlight();
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
                awaitBuffer(read);
                return;
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
        if (taken && !request.inFlight()) {
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

    /** The claim will signal when there may be a buffer, unless the processor drains. */
    private void awaitBuffer(ReadOperation receive) {
        if (mustNotWait()) {
            finish(receive, new ProactorShutdownException(0));
        }
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

    /**
     * Gives a receive the buffer that the kernel has filled, in exchange for one of the pool's.
     * False if there is none to be had, and the bytes have to wait.
     */
    private boolean equip(ReadOperation receive, int count, @Nullable BufferGroup group,
            int bufferId) {
        ReceiveBuffer buffer = claim().take();
        if (buffer == null) {
            return false;
        }
        PickedBuffers buffers = handle.loop().buffers();
        ReceiveBuffer filled = group == null || buffers == null ? null
                : buffers.exchange(group, bufferId, buffer);
        receive.equip(filled != null ? filled : buffer);
        if (filled == null) {
            return false;  // the bytes are to be copied
        }
        receive.target().position(count);
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
        request.submit(read,
                mustNotWait() || lookedAgain || !read.waits() && read.satisfied());
    }

    // ---- What the kernel says -----------------------------------------------------------------

    /**
     * The request has brought bytes, or the end of the stream, or found the socket readable.
     *
     * @param arrived where the bytes are; null if in the target
     * @param group from which the kernel has picked the buffer that they are in, with that id; null
     *     if it has not
     */
    void onBytes(int count, @Nullable ByteBuffer arrived, @Nullable BufferGroup group,
            int bufferId) {
        assert taken;
        ReadOperation read = handle.read();
        try {
            if (read.waits()) {
                finish(read, null);
            } else if (count == 0) {
                onEnd(read);
            } else {
                onBytes(read, count, arrived, group, bufferId);
            }
        } catch (RuntimeException | Error e) {
            fail(read, e);
        }
    }

    private void onBytes(ReadOperation read, int count, @Nullable ByteBuffer arrived,
            @Nullable BufferGroup group, int bufferId) {
        if (arrived == null) {
            ByteBuffer target = read.target();
            target.position(target.position() + count);
            if (read.satisfied()) {
                keep(target, target.position(), read.surplusEnd());
                finish(read, null);
                return;
            }
        } else {
            if (read.needsBuffer() && equip(read, count, group, bufferId)) {
                finish(read, null);
                return;
            }
            boolean satisfied = !read.needsBuffer() && read.fill(arrived);
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
        } else if (read.needsBuffer()) {
            awaitBuffer(read);
        } else {
            perform(read);
        }
    }

    private void onEnd(ReadOperation read) {
        if (handle.ending()) {
            finish(read, handle.endFailure(read.bytesMoved()));
        } else if (read.bytesMoved() > 0) {
            finish(read, new EndOfStreamException(read.bytesMoved()));
        } else {
            read.endOfStream();
            finish(read, null);
        }
    }

    /**
     * @param group from which the kernel was to pick a buffer; null if it was not
     */
    void onError(int errno, @Nullable BufferGroup group) {
        assert taken;
        ReadOperation read = handle.read();
        AbortReason reason = read.aborting();
        try {
            if (handle.ending()) {
                finish(read, reason != null ? Failures.aborted(reason, read.bytesMoved())
                        : handle.endFailure(read.bytesMoved()));
                return;
            }
            switch (errno) {
                case Errno.ECANCELED, Errno.EINTR, Errno.EAGAIN -> onNothing(read, reason);
                case Errno.ENOBUFS -> {
                    if (group != null) {
                        onNoBuffer(read, reason, group);
                    } else {
                        finish(read, Errors.transfer("recv", errno, read.bytesMoved()));
                    }
                }
                default -> finish(read, Errors.transfer("recv", errno, read.bytesMoved()));
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(read, e);
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

    private void onNoBuffer(ReadOperation read, @Nullable AbortReason reason,
            BufferGroup group) {
        if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
            return;
        }
        starved = true;
        group.lineUp(this);
    }

    @Override
    public void onBuffers() {
        starved = false;
        if (taken && !request.inFlight() && !handle.ending()) {
            advance();
        }
    }

    private void finish(ReadOperation read, @Nullable Throwable cause) {
        assert !request.inFlight();
        taken = false;
        lookedAgain = false;
        if (claim != null) {
            claim.waive();
        }
        handle.finish(read, cause);
    }
}
