package io.proactor.engine.simulated;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.engine.event.CarryOver;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.ReceiveClaim;
import io.proactor.operation.AbortReason;
import io.proactor.operation.Kind;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.ReceiveBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The incoming direction of a connection. */
final class ReadSide implements Request.Owner {

    private final SimulatedStreamHandle handle;
    private final World world;
    final Request request = new Request(this);
    private @Nullable CarryOver carry;
    private @Nullable ReceiveClaim claim;
    private boolean taken;   // true exactly while a read is PENDING or ABORTING and known here
    private boolean hungry;  // true exactly while a receive waits for a buffer

    ReadSide(SimulatedStreamHandle handle) {
        this.handle = handle;
        world = handle.world();
    }

    /** Takes the read up if there is a new one, and ends or performs it. */
    void advance() {
        ReadOperation read = handle.read();
        boolean fresh = !taken && read.pending();
        taken |= fresh;
        if (!taken) {
            return;
        }
        if (fresh) {
            handle.arm(read);
        }
        if (!request.underWay) {
            proceed(read);
        } else if (read.aborting() != null || drains()) {
            handle.cancel(request);
        }
    }

    private boolean drains() {
        return handle.loop().draining() && handle.writes().isEmpty();
    }

    /** The read is known here, and nothing of it is under way. */
    private void proceed(ReadOperation read) {
        hungry = false;
        AbortReason reason = read.aborting();
        if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (handle.leaving()) {
            return;  // the handle ends the read with all others
        } else if (handle.link().remote() == null) {
            finish(read, new SocketClosedException(0));
        } else if (read.waits()) {
            proceedWait(read);
        } else if (read.needsBuffer()) {
            if (hasCarry()) {
                equip(read);
            } else {
                submit(Request.Kind.READABLE, read);
            }
        } else {
            proceedRead(read);
        }
    }

    private void proceedWait(ReadOperation wait) {
        if (hasCarry()) {
            finish(wait, null);
        } else {
            submit(Request.Kind.READABLE, wait);
        }
    }

    private void proceedRead(ReadOperation read) {
        if (hasCarry() && takeCarry(read)) {
            finish(read, null);
        } else if (read.full()) {
            finish(read, read.satisfied() ? null
                    : new DelimiterNotFoundException(read.bytesMoved()));
        } else if (read.satisfied()) {
            lastLook(read, null);  // it asks for nothing, and takes what is there
        } else {
            submit(Request.Kind.RECEIVE, read);
        }
    }

    private void submit(Request.Kind kind, ReadOperation read) {
        ByteBuffer target = kind == Request.Kind.RECEIVE ? read.target() : null;
        request.prepare(kind, handle.link().fd(), read, target,
                target == null ? 0 : target.remaining());
        handle.submit(request);
        if (drains()) {
            handle.cancel(request);
        }
    }

    /** A receive takes a buffer, or waits for one. */
    private void equip(ReadOperation receive) {
        if (claim == null) {
            claim = new ReceiveClaim(handle.loop().receiveBuffers(), handle::lookAgain);
        }
        ReceiveBuffer buffer = claim.take();
        if (buffer != null) {
            receive.equip(buffer);
            proceedRead(receive);
        } else if (drains()) {
            finish(receive, new ProactorShutdownException(0));
        } else {
            hungry = true;
        }
    }

    // ---- Results ------------------------------------------------------------------------------

    @Override
    public void onResult(Request.Kind kind, int result) {
        ReadOperation read = handle.read();
        if (!taken) {
            throw new Violation("A result came for a read that is over: " + read);
        }
        if (result == Errno.ECANCELED) {
            onCancelled(read);
        } else if (kind == Request.Kind.READABLE) {
            onReadable(read);
        } else if (result > 0) {
            read.target().position(read.target().position() + result);
            onBytes(read);
        } else if (result == 0) {
            finishAtEnd(read);
        } else if (result == Errno.ENOBUFS || result == Errno.EAGAIN) {
            giveBuffer(read);
            proceed(read);
        } else {
            finish(read, Failures.transfer(Errno.exception(result), read.bytesMoved()));
        }
        handle.afterResult();
    }

    private void onReadable(ReadOperation read) {
        if (read.waits()) {
            finish(read, null);
        } else if (read.aborting() != null || handle.ending()) {
            proceed(read);
        } else {
            equip(read);
        }
    }

    private void onBytes(ReadOperation read) {
        if (read.satisfied()) {
            keepSurplus(read);
            finish(read, null);
        } else if (read.full()) {
            finish(read, new DelimiterNotFoundException(read.bytesMoved()));
        } else {
            proceed(read);
        }
    }

    private void onCancelled(ReadOperation read) {
        AbortReason reason = read.aborting();
        if (handle.ending()) {
            proceed(read);
        } else if (reason == AbortReason.TIMED_OUT && !read.waits()) {
            lastLook(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (drains()) {
            lastLook(read, new ProactorShutdownException(read.bytesMoved()));
        } else {
            giveBuffer(read);
            proceed(read);
        }
    }

    /** Before it ends for good: what has come in time is not to be lost. */
    private void lastLook(ReadOperation read, @Nullable Throwable otherwise) {
        Endpoint endpoint = world.kernel().endpoint(handle.link().fd());
        if (!endpoint.readable()) {
            finish(read, otherwise);
        } else if (read.waits()) {
            finish(read, null);
        } else if (read.needsBuffer()) {
            equip(read);
        } else {
            ByteBuffer target = read.target();
            int result = endpoint.receive(target, target.position(), target.remaining());
            if (result > 0) {
                target.position(target.position() + result);
                if (read.satisfied()) {
                    keepSurplus(read);
                    finish(read, null);
                } else {
                    finish(read, otherwise == null ? null : again(otherwise, read.bytesMoved()));
                }
            } else if (result == 0) {
                finishAtEnd(read);
            } else {
                finish(read, Failures.transfer(Errno.exception(result), read.bytesMoved()));
            }
        }
    }

    /** The same failure with the bytes that have come since. */
    private static Throwable again(Throwable failure, long bytesMoved) {
        return failure instanceof ProactorShutdownException
                ? new ProactorShutdownException(bytesMoved)
                : Failures.aborted(AbortReason.TIMED_OUT, bytesMoved);
    }

    private void giveBuffer(ReadOperation read) {
        if (read.kind() == Kind.RECEIVE && !read.needsBuffer()) {
            read.unequip().giveBack();
        }
    }

    private void finishAtEnd(ReadOperation read) {
        if (read.bytesMoved() > 0) {
            finish(read, new EndOfStreamException(read.bytesMoved()));
        } else {
            read.endOfStream();
            finish(read, null);
        }
    }

    private void finish(ReadOperation read, @Nullable Throwable cause) {
        taken = false;
        hungry = false;
        if (claim != null) {
            claim.waive();
        }
        handle.finish(read, cause);
    }

    // ---- What was left over -------------------------------------------------------------------

    private boolean hasCarry() {
        return carry != null && !carry.isEmpty();
    }

    private boolean takeCarry(ReadOperation read) {
        assert carry != null;
        boolean satisfied = read.fill(carry.bytes());
        carry.taken();
        return satisfied;
    }

    private void keepSurplus(ReadOperation read) {
        ByteBuffer target = read.target();
        int end = read.surplusEnd();
        if (end > target.position()) {
            if (carry == null) {
                carry = new CarryOver();
            }
            carry.put(target, target.position(), end);
        }
    }

    // ---- The end ------------------------------------------------------------------------------

    /** The handle ends, or its connection does, and nothing of it is under way. */
    void end(AbortReason reason) {
        ReadOperation read = handle.read();
        if (taken || read.pending()) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        }
    }

    /** The next connection begins without a trace of this one. */
    void reset() {
        assert !taken;
        carry = null;
        claim = null;
    }

    void checkAtRest() {
        ReadOperation read = handle.read();
        if (taken && read.aborting() != null) {
            throw new Violation("A read was ended, and does not end: " + read);
        }
        if (taken && !hungry && world.kernel().endpoint(handle.link().fd()).readable()) {
            throw new Violation("A read waits, though there is something to read: " + read);
        }
    }
}
