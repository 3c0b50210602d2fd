package io.proactor.engine.uring;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.ProactorShutdownException;
import io.proactor.engine.event.Failures;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ReadOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The incoming direction of a connection. All methods belong to the loop's thread.
 *
 * <p>A read takes what is there already, {@link ArrivedBytes}: what was left over, or came unasked.
 * Otherwise it waits for the {@link ReceiveStream}, if that is in flight, and can be ended at any
 * time; or it has one {@link ReadRequest} at a time, and ends only when the kernel has said how
 * that did, and the bytes that it brought count. There are never both.
 */
final class ReadSide implements BufferGroup.Starved {

    private final UringStreamHandle handle;
    private final ReadRequest request;
    private final ReceiveCredit credit;
    private final ReceiveChoice choice = new ReceiveChoice();
    private final ArrivedBytes arrived = new ArrivedBytes();
    private final ReceiveStream stream;

    private boolean taken;        // true exactly while a read is PENDING or ABORTING and known here
    private boolean starved;      // true exactly while in line for a buffer that the kernel picks
    private boolean lookedAgain;  // true exactly from the last look of a read that timed out

    ReadSide(UringStreamHandle handle) {
        this.handle = handle;
        request = new ReadRequest(handle);
        credit = new ReceiveCredit(handle);
        stream = new ReceiveStream(handle, arrived);
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
            abort(read, reason);
        } else if (!starved && handle.connectionMade()) {
            perform(read);
        }
        if (fresh && taken) {
            handle.arm(read);
        }
    }

    /** Ends a read that the kernel has nothing of, if timed out in a later turn: see the stream. */
    private void abort(ReadOperation read, AbortReason reason) {
        if (reason == AbortReason.TIMED_OUT && !lookedAgain && stream.inFlight()) {
            lookedAgain = true;
            handle.lookAgain();
        } else {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
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
        arrived.discard();
        stream.end();
        if (!taken) {
            return;
        }
        if (request.inFlight()) {
            request.cancel();
        } else {
            finish(read, handle.endFailure(read.bytesMoved()));
        }
    }

    /** Nothing will be heard of what is in flight any more. */
    void forgetRequest() {
        request.forget();
        arrived.forget();
        stream.forget();
    }

    /** The connection is over, and the next one begins without a trace of it. */
    void reset() {
        assert !taken;
        assert !request.inFlight();
        assert !stream.inFlight();
        assert arrived.isEmpty();
        credit.reset();
        choice.reset();
    }

    private boolean mustNotWait() {
        return handle.loop().draining() && handle.writes().isEmpty();
    }

    /** True if bytes are here, or come unasked, that a call on the socket would overtake. */
    boolean holdsBytes() {
        return !arrived.isEmpty() || stream.inFlight() || stream.failed();
    }

    // ---- Performing ---------------------------------------------------------------------------

    private void perform(ReadOperation read) {
        assert taken;
        assert !request.inFlight();
        try {
            if (arrived.isEmpty()) {
                performWithoutBytes(read);
            } else if (read.waits()) {
                finish(read, null);
            } else if (read.needsBuffer() && !arrived.equip(read, credit)) {
                awaitBuffer(read);
            } else if (arrived.fill(read)) {
                finish(read, null);
            } else {
                performWithoutBytes(read);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(read, e);
        }
    }

    /** What is here was not enough, or there is nothing; or no room to take it. */
    private void performWithoutBytes(ReadOperation read) throws IOException {
        if (read.full()) {
            finish(read, read.satisfied() ? null
                    : new DelimiterNotFoundException(read.bytesMoved()));
        } else if (stream.failed()) {
            finish(read, read.waits() ? null
                    : Errors.transfer("recv", stream.takeError(), read.bytesMoved()));
        } else if (read.needsBuffer() && credit.lacking()) {
            awaitBuffer(read);
        } else {
            await(read);
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

    /** The claim will signal when there may be a buffer, unless nobody waits for it. */
    private void awaitBuffer(ReadOperation receive) {
        AbortReason reason = receive.aborting();
        if (reason != null) {
            finish(receive, Failures.aborted(reason, 0));
        } else if (mustNotWait()) {
            finish(receive, new ProactorShutdownException(0));
        }
    }

    /** Not enough is there: has the kernel say when more is. */
    private void await(ReadOperation read) throws IOException {
        AbortReason reason = read.aborting();
        if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
            return;
        }
        boolean look = mustNotWait() || lookedAgain || !read.waits() && read.satisfied();
        PickedBuffers buffers = handle.loop().buffers();
        boolean streams = !look && buffers != null
                && choice.streamPays(read, buffers, stream.inFlight());
        if (stream.inFlight()) {
            if (look || !streams && !read.waits()) {
                stream.cancel();  // it tells what there is, and then that it has ended
            }
        } else if (streams && buffers != null) {
            stream.arm(read.needsBuffer() ? buffers.leased() : buffers.copied());
        } else {
            request.submit(read, look, choice.expectNothing());
        }
    }

    // ---- What the kernel says -----------------------------------------------------------------

    /**
     * The request has brought bytes, or the end of the stream, or found the socket readable.
     *
     * @param bytes where they are; null if in the target
     * @param group from which the kernel has picked the buffer that they are in, with that id; null
     *     if it has not
     * @param socketEmptied whether the kernel has seen no more behind them
     */
    void onBytes(int count, @Nullable ByteBuffer bytes, @Nullable BufferGroup group, int bufferId,
            boolean socketEmptied) {
        assert taken;
        ReadOperation read = handle.read();
        try {
            if (read.waits() || count == 0) {
                onEnd(read);
            } else {
                choice.received(count, socketEmptied);
                onBytes(read, count, bytes, group, bufferId);
            }
        } catch (RuntimeException | Error e) {
            fail(read, e);
        }
    }

    private void onBytes(ReadOperation read, int count, @Nullable ByteBuffer bytes,
            @Nullable BufferGroup group, int bufferId) {
        boolean satisfied;
        if (bytes == null) {
            ByteBuffer target = read.target();
            target.position(target.position() + count);
            satisfied = read.satisfied();
            if (satisfied && read.surplusEnd() > target.position()) {
                arrived.keep(target, target.position(), read.surplusEnd());
            }
        } else if (read.needsBuffer() && credit.equip(read, count, group, bufferId)) {
            satisfied = true;
        } else {
            satisfied = !read.needsBuffer() && read.fill(bytes);
            if (bytes.hasRemaining()) {
                arrived.keep(bytes, bytes.position(), bytes.limit());
            }
        }
        if (satisfied) {
            finish(read, null);
        } else {
            goOn(read);
        }
    }

    /** The stream has brought bytes. True if the read takes all of them. */
    boolean take(BufferGroup group, int bufferId, int count) {
        ReadOperation read = handle.read();
        boolean takes = false;
        try {
            takes = taken && credit.deliver(read, group, bufferId, count);
            if (takes && read.satisfied()) {
                finish(read, null);
            }
        } catch (RuntimeException | Error e) {
            fail(read, e);
        }
        return takes;
    }

    /** The stream has brought bytes, which were taken, or which {@link #arrived} has. */
    void onArrived(int count, boolean socketEmptied) {
        choice.received(count, socketEmptied);
        if (taken) {
            perform(handle.read());
        }
    }

    /** The stream has ended; for want of a buffer of that group, unless it is null. */
    void onStreamStopped(@Nullable BufferGroup starvedOf) {
        ReadOperation read = handle.read();
        if (!taken || !arrived.isEmpty()) {
            return;  // the next read will see to it
        }
        AbortReason reason = read.aborting();
        try {
            if (stream.failed()) {
                performWithoutBytes(read);
            } else if (starvedOf != null) {
                onNoBuffer(read, reason, starvedOf);
            } else {
                onNothing(read, reason);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(read, e);
        }
    }

    /** The stream has met the end; a later receive would meet it again. */
    void onStreamEnd() {
        if (taken && arrived.isEmpty()) {
            onEnd(handle.read());
        }
    }

    /** The request has brought something, and not enough. */
    private void goOn(ReadOperation read) {
        if (read.full()) {
            finish(read, new DelimiterNotFoundException(read.bytesMoved()));
        } else if (read.aborting() == null && handle.ending()) {
            finish(read, handle.endFailure(read.bytesMoved()));
        } else {
            perform(read);
        }
    }

    /** At the end of the stream, or of a wait; the shutdown of a socket that closes is both. */
    private void onEnd(ReadOperation read) {
        if (handle.ending()) {
            finish(read, handle.endFailure(read.bytesMoved()));
        } else if (read.waits()) {
            finish(read, null);
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
            } else if (errno == Errno.ECANCELED || errno == Errno.EINTR || errno == Errno.EAGAIN) {
                onNothing(read, reason);
            } else if (errno == Errno.ENOBUFS && group != null) {
                onNoBuffer(read, reason, group);
            } else {
                finish(read, Errors.transfer("recv", errno, read.bytesMoved()));
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
            request.submit(read, true, false);
        } else if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else if (!read.waits() && read.satisfied()) {
            finish(read, null);  // a read of at least nothing
        } else if (mustNotWait()) {
            finish(read, new ProactorShutdownException(read.bytesMoved()));
        } else {
            await(read);
        }
    }

    private void onNoBuffer(ReadOperation read, @Nullable AbortReason reason,
            BufferGroup group) {
        if (reason != null) {
            finish(read, Failures.aborted(reason, read.bytesMoved()));
        } else {
            starved = true;
            group.lineUp(this);
        }
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
        credit.waive();
        handle.finish(read, cause);
    }
}
