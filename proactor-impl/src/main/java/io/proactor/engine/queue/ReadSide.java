package io.proactor.engine.queue;

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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** The incoming direction of a connection. All methods belong to the loop's thread. */
final class ReadSide {

    /** Calls per attempt, so that a peer that never stops sending does not keep the loop. */
    private static final int CALLS_MAX = 4;

    /**
     * Bytes per call into a heap buffer. The JDK copies by way of a direct buffer as large as the
     * rest of the target, and keeps it for the thread (sun.nio.ch.Util.getTemporaryDirectBuffer).
     */
    static final int HEAP_CHUNK_BYTES = 65_536;

    private final SelectorStreamHandle handle;
    private @Nullable CarryOver carry;     // made when a delimiter first leaves something over
    private @Nullable ReceiveClaim claim;  // made when there is something to receive

    private boolean taken;  // true exactly while a read is PENDING or ABORTING and known here

    // True if a call may find bytes although the selector has not said so since the last one.
    private boolean mayBeReadable;

    ReadSide(SelectorStreamHandle handle) {
        this.handle = handle;
    }

    /** Takes the read up if there is a new one; performs it if that may succeed at once. */
    void advance() {
        ReadOperation read = handle.read();
        boolean fresh = !taken && read.pending();
        taken |= fresh;
        if (!taken) {
            return;
        }
        AbortReason reason = read.aborting();
        if (reason != null) {
            abort(read, reason);
        } else if (handle.link().remoteAddress() == null) {
            finish(read, new SocketClosedException(0));  // it came behind a disconnect
        } else if (read.waits()) {
            awaitReadable(read);
        } else if (mayBeReadable || hasCarry() || fresh && (read.full() || read.satisfied())
                || handle.loop().draining()) {
            perform(read);
        } else {
            handle.link().want(SelectionKey.OP_READ);
        }
        if (fresh && taken) {
            handle.arm(read);  // not before: most reads that may succeed at once, do
        }
    }

    /**
     * Ends a read that is ABORTING. One that timed out is performed once more: after a pause of the
     * whole process, bytes that came in time may be there that nobody has looked for yet.
     */
    private void abort(ReadOperation read, AbortReason reason) {
        try {
            // What is left over stays so: it comes before whatever a call may bring.
            if (reason == AbortReason.TIMED_OUT && !read.waits() && !read.full() && !hasCarry()
                    && (!read.needsBuffer() || equip(read)) && call(read)) {
                return;
            }
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } catch (Throwable e) {
            fail(read, e);
        }
    }

    void onReadable() {
        mayBeReadable = true;
        ReadOperation read = handle.read();
        if (taken && read.aborting() == null) {
            if (read.waits()) {
                finish(read, null);
            } else {
                perform(read);
            }
        } else if (!taken) {
            // Nobody reads: the selector need not say so again and again. The interest stays as
            // long as reads keep coming, so that an echo costs no change of it.
            handle.link().unwant(SelectionKey.OP_READ);
        }
    }

    /** All queued writes are out. */
    void onWritesFlushed() {
        if (handle.loop().draining()) {
            advance();
        }
    }

    /** The connection is over, and the next one begins without a trace of it. */
    void reset() {
        assert !taken;
        carry = null;
        claim = null;  // the next connection has a credit of its own, whatever leases are open
        mayBeReadable = false;
    }

    /** The handle is closed. */
    void end(AbortReason reason, @Nullable Throwable cause) {
        ReadOperation read = handle.read();
        if (taken || read.pending()) {
            finish(read, cause != null ? cause : Failures.aborted(reason, read.bytesMoved()));
        }
    }

    private boolean hasCarry() {
        return carry != null && !carry.isEmpty();
    }

    private void perform(ReadOperation read) {
        assert taken;
        try {
            if (read.needsBuffer() && !equip(read)) {
                awaitBuffer(read);
                return;
            }
            if (hasCarry() && takeCarry(read) || read.full()) {
                finish(read, read.full() && !read.satisfied()
                        ? new DelimiterNotFoundException(read.bytesMoved()) : null);
                return;
            }
            for (int calls = 0; calls < CALLS_MAX; calls++) {
                if (call(read)) {
                    return;
                }
                if (!mayBeReadable) {
                    break;
                }
            }
            await(read);
        } catch (Throwable e) {
            fail(read, e);
        }
    }

    /** Picks a buffer for a receive. False if there is none now; see {@link ReceiveClaim}. */
    private boolean equip(ReadOperation receive) {
        if (claim == null) {
            claim = new ReceiveClaim(handle.loop().receiveBuffers(), handle::lookAgain);
        }
        ReceiveBuffer buffer = claim.take();
        if (buffer == null) {
            return false;
        }
        receive.equip(buffer);
        return true;
    }

    /** The claim's signal comes, in place of the selector's, unless the processor drains. */
    private void awaitBuffer(ReadOperation receive) {
        if (handle.loop().draining() && handle.writes().isEmpty()) {
            finish(receive, new ProactorShutdownException(0));
        } else {
            handle.link().unwant(SelectionKey.OP_READ);
        }
    }

    /** The selector is asked even if a call may find bytes: it takes none to find out. */
    private void awaitReadable(ReadOperation wait) {
        if (hasCarry()) {
            finish(wait, null);
        } else if (handle.loop().draining() && handle.writes().isEmpty()) {
            finish(wait, new ProactorShutdownException(0));
        } else {
            handle.link().want(SelectionKey.OP_READ);
        }
    }

    /** Errors too: want of memory or of descriptors must not leave an operation without an end. */
    private void fail(ReadOperation read, Throwable cause) {
        if (taken) {
            finish(read, Failures.transfer(cause, read.bytesMoved()));
        } else {
            handle.context().listener().processorFailed(cause);  // it was finished already
        }
    }

    private boolean takeCarry(ReadOperation read) {
        assert carry != null;
        boolean satisfied = read.fill(carry.bytes());
        carry.taken();
        return satisfied;
    }

    /** One system call. True if the read is finished. */
    private boolean call(ReadOperation read) throws IOException {
        ByteBuffer target = read.target();
        int room = target.isDirect() ? target.remaining()
                : Math.min(target.remaining(), HEAP_CHUNK_BYTES);
        int limit = target.limit();
        target.limit(target.position() + room);
        int count;
        try {
            count = handle.loop().calls().read(handle.link().channel(), target);
        } finally {
            target.limit(limit);
        }
        mayBeReadable = count == room;  // less than asked for: the socket is empty now
        if (count < 0) {
            finishAtEnd(read);
            return true;
        }
        if (read.satisfied()) {
            keepSurplus(read);
            finish(read, null);
            return true;
        }
        if (read.full()) {
            finish(read, new DelimiterNotFoundException(read.bytesMoved()));
            return true;
        }
        return false;
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

    private void finishAtEnd(ReadOperation read) {
        if (read.bytesMoved() > 0) {
            finish(read, new EndOfStreamException(read.bytesMoved()));
        } else {
            read.endOfStream();
            finish(read, null);
        }
    }

    /** Nothing is there: the read waits for the selector, unless the processor drains. */
    private void await(ReadOperation read) {
        if (read.kind() == Kind.RECEIVE) {
            read.unequip().giveBack();
        }
        if (handle.loop().draining() && handle.writes().isEmpty()) {
            finish(read, new ProactorShutdownException(read.bytesMoved()));
        } else {
            handle.link().want(SelectionKey.OP_READ);
        }
    }

    private void finish(ReadOperation read, @Nullable Throwable cause) {
        taken = false;
        if (claim != null) {
            claim.waive();
        }
        handle.finish(read, cause);
    }
}
