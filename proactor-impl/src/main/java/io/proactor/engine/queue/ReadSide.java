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
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * The incoming direction of a connection. Methods belong to the loop's thread unless they say so.
 *
 * <p>A read that is initiated while the selector watches the socket, and the last call found it
 * empty, need not be told of: the loop finds it when the selector reports the socket. So a program
 * that reads from other threads costs no wake-up of the loop and no change of the interest.
 */
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

    /**
     * Guesses that are left out after a wrong one: messages that just fill their buffers cost one
     * call in vain for seventeen of them, and a stream that pauses sixteen turns of the selector.
     */
    private static final int GUESSES_LEFT_OUT = 16;

    private boolean taken;  // true exactly while a read is PENDING or ABORTING and known here

    // True if a call may find bytes although the selector has not said so since the last one.
    private boolean mayBeReadable;

    // True if the last call filled all the room it had, and the selector has said nothing since: to
    // call at once would be a guess.
    private boolean filled;
    private byte guessesToLeaveOut;

    // True only while the selector watches for bytes, none are left over, and none were there when
    // last looked: so the next readiness is when the loop has to look whether there is a read. The
    // loop writes it; any thread reads it after it has initiated a read. Before the loop stops to
    // look it clears this and then looks once more, so that one of the two sees the other.
    private volatile boolean lookout;

    private final ReadDeadline deadline;

    ReadSide(SelectorStreamHandle handle) {
        this.handle = handle;
        deadline = new ReadDeadline(handle);
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /**
     * True if the loop will find that read, which is PENDING, by itself: when bytes come, and when
     * its deadline does.
     */
    boolean willFind(ReadOperation read) {
        // By now the read may be over, and the next one initiated. Then nobody needs the answer.
        if (!read.waitsForBytes()) {
            return false;
        }
        if (!handle.loop().isCurrent()) {
            VarHandle.fullFence();  // between the initiation, a release store, and the look
        }
        return lookout && deadline.covers(read)
                && !handle.loop().draining() && !handle.loop().aborting();
    }

    /** True if a call would find nothing, as far as is known; then a read may as well wait. */
    boolean likelyEmpty() {
        return lookout;
    }

    // ---- The loop -----------------------------------------------------------------------------

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
        } else if (worthTrying() || hasCarry() || fresh && (read.full() || read.satisfied())
                || handle.loop().draining()) {
            perform(read);
        } else {
            watch();
        }
        if (fresh && taken) {
            deadline.arm(read);  // not before: most reads that may succeed at once, do
        }
    }

    /**
     * True if a call may find bytes, and is not a guess while guesses are left out. What is left to
     * the selector, it says for sure: it tells that bytes are there, not that they have come.
     */
    private boolean worthTrying() {
        if (mayBeReadable && filled && guessesToLeaveOut > 0) {
            guessesToLeaveOut--;
            mayBeReadable = false;
        }
        return mayBeReadable;
    }

    /** The selector is to say when bytes are there. */
    private void watch() {
        handle.link().want(SelectionKey.OP_READ);
        if (!lookout && !mayBeReadable && !hasCarry()) {
            lookout = true;
        }
    }

    /** The next read has to be told of. A look must follow: one may have been initiated before. */
    private void endLookout() {
        if (lookout) {
            lookout = false;
        }
    }

    /** A deadline that was armed for a read has come: this one's, or that of an earlier one. */
    void onDeadline() {
        if (deadline.come(handle.read())) {
            handle.read().abort(handle.read().id(), AbortReason.TIMED_OUT);
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
        filled = false;
        ReadOperation read = handle.read();
        if (!taken && !read.pending()) {
            endLookout();
            if (!read.pending()) {
                // Nobody reads: the selector need not say so again and again. The interest stays as
                // long as reads keep coming, so that an echo costs no change of it.
                handle.link().unwant(SelectionKey.OP_READ);
                return;
            }
        }
        boolean fresh = !taken;
        taken = true;
        if (read.aborting() != null) {
            return;  // a command is on its way
        }
        if (read.waits()) {
            finish(read, null);
        } else {
            perform(read);
        }
        if (fresh && taken) {
            deadline.arm(read);
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
        endLookout();
        carry = null;
        claim = null;  // the next connection has a credit of its own, whatever leases are open
        mayBeReadable = false;
        filled = false;
        guessesToLeaveOut = 0;
    }

    /** The handle is closed. */
    void end(AbortReason reason, @Nullable Throwable cause) {
        endLookout();
        deadline.disarm();
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
            endLookout();
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
            watch();
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
        if (count == 0 && filled) {
            guessesToLeaveOut = GUESSES_LEFT_OUT;
        }
        filled = count == room;
        mayBeReadable = filled;  // less than asked for: the socket is empty now
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
            watch();
        }
    }

    private void finish(ReadOperation read, @Nullable Throwable cause) {
        taken = false;
        if (mayBeReadable || hasCarry()) {
            endLookout();  // before the next read can be initiated
        }
        if (claim != null) {
            claim.waive();
        }
        handle.finish(read, cause);
    }
}
