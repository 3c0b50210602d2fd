package io.proactor.engine.uring;

import io.proactor.SocketClosedException;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.operation.AbortReason;
import io.proactor.operation.WriteOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing direction of a connection. Methods belong to the loop's thread unless they say so.
 *
 * <p>One send is in flight at a time: the kernel keeps no order between two. It carries the bytes
 * of several writes if they are small. The first attempt sends what there is room for, at once
 * ({@link QuietSends}); only what finds no room waits for it in the kernel. If one of the writes is
 * aborted meanwhile, the send that waits is cancelled; the kernel says how many bytes went out, and
 * the rest of the others goes again.
 *
 * <p>The bytes of a {@link DescriptorFile} go past the ring, while it has nothing of this side: so
 * nothing overtakes anything, and it is known at any time how many are out. What is in flight
 * between two pieces is a poll for room; or, if there may be room but others are to have their
 * turn, what is over in the next one.
 */
final class WriteSide implements Requester {

    // Static and without captures: nothing is allocated to call them.
    private static final Consumer<WriteOperation> ARRIVE =
            write -> handleOf(write).writes().arrive(write);
    private static final Predicate<WriteOperation> ABORTING = write -> write.aborting() != null;
    private static final Consumer<WriteOperation> FINISH_ABORTED = write ->
            handleOf(write).finish(write, Failures.aborted(write.aborting(), write.bytesMoved()));

    /** Bytes of files before others have their turn: some 60 µs of the loop's time. */
    private static final int FILE_BYTES_MAX = 1 << 19;

    private final UringStreamHandle handle;
    private final AddressMemo addresses = new AddressMemo();
    private final OperationLane<WriteOperation> lane = new OperationLane<>();

    // True exactly from the first shutdownOutput. Any thread sets it.
    private volatile boolean shutdownRequested;

    private boolean shutdownDone;

    // True exactly while there may be an aborted write on the lane.
    private boolean abortsSeen;

    // What is in flight, or NONE; and the memory that it needs besides the sources, or null.
    private long request = SlotTable.NONE;
    private boolean cancelling;  // true exactly from the cancel of the request to its completion
    private @Nullable TransferSlab slab;
    private int bytesAtOnce;     // what is in flight and does not wait, or 0
    private boolean pausing;     // true exactly while what is in flight moves no bytes
    private boolean lacksRoom;   // true exactly if the last send has left bytes behind
    private int fileBytesLeft;   // what may go out of files until this flush is over

    WriteSide(UringStreamHandle handle) {
        this.handle = handle;
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** The loop has to be told. */
    void offer(WriteOperation write) {
        if (handle.loop().isCurrent()) {
            lane.add(write);
        } else {
            lane.offer(write);
        }
    }

    /** The loop has to be told. */
    void requestShutdown() {
        shutdownRequested = true;
    }

    // ---- What the handle asks for -------------------------------------------------------------

    boolean isEmpty() {
        return lane.isEmpty();
    }

    boolean inFlight() {
        return request != SlotTable.NONE;
    }

    /** Takes up what is new, ends what was aborted, and submits what there is. */
    void advance(boolean aborts) {
        abortsSeen |= aborts;
        lane.receive(ARRIVE);
        goOn();
    }

    private void goOn() {
        boolean any = !lane.isEmpty();
        if (abortsSeen && request != SlotTable.NONE) {
            if (anyAborting()) {
                cancel();
            }
        } else if (abortsSeen) {
            abortsSeen = false;
            lane.removeIf(ABORTING, FINISH_ABORTED);
        }
        if (request == SlotTable.NONE && handle.connectionMade()) {
            flush();
        }
        if (any && lane.isEmpty()) {
            handle.reads().onWritesFlushed();
        }
    }

    private boolean anyAborting() {
        WriteOperation write = lane.head();
        while (write != null && write.aborting() == null) {
            write = (WriteOperation) write.next();
        }
        abortsSeen = write != null;
        return abortsSeen;
    }

    /** A write is new on the lane. It may have been aborted on its way here. */
    private void arrive(WriteOperation write) {
        handle.arm(write);
        abortsSeen |= write.aborting() != null;
    }

    /** The handle ends: so do the writes, at once if the kernel has nothing of them. */
    void end() {
        lane.receive(ARRIVE);
        if (request != SlotTable.NONE) {
            cancel();
            return;
        }
        while (!lane.isEmpty()) {
            WriteOperation write = lane.remove();
            AbortReason reason = write.aborting();
            handle.finish(write, reason != null ? Failures.aborted(reason, write.bytesMoved())
                    : handle.endFailure(write.bytesMoved()));
        }
    }

    /** Nothing will be heard of the request any more. */
    void forgetRequest() {
        if (request == SlotTable.NONE) {
            return;
        }
        request = SlotTable.NONE;
        cancelling = false;
        bytesAtOnce = 0;
        if (pausing) {
            pausing = false;
            return;  // it has no memory of anybody's
        }
        if (slab != null) {
            Leaked.keep(slab);
            slab = null;
        }
        WriteOperation write = lane.head();
        while (write != null) {
            ByteBuffer single = write.source();
            Leaked.keep(single != null ? single : write.sources());
            write = (WriteOperation) write.next();
        }
    }

    /** The connection is over, and the next one begins without a trace of it. */
    void reset() {
        assert lane.isEmpty();
        assert request == SlotTable.NONE;
        assert !pausing;
        shutdownRequested = false;
        shutdownDone = false;
        abortsSeen = false;
        lacksRoom = false;
    }

    // ---- Performing ---------------------------------------------------------------------------

    private void flush() {
        fileBytesLeft = FILE_BYTES_MAX;
        boolean ends = shutdownRequested && !shutdownDone;
        if (ends) {
            lane.receive(ARRIVE);  // what came before the request may not have been seen yet
        }
        WriteOperation write = lane.head();
        while (write != null && request == SlotTable.NONE) {
            perform(write);
            write = lane.head();
        }
        if (write == null && ends) {
            shutdownDone = true;
            handle.descriptor().shutdownOutput();
        }
    }

    /** Ends the first write, or submits what it and those behind it have. */
    private void perform(WriteOperation write) {
        AbortReason reason = write.aborting();
        if (reason != null) {
            finish(Failures.aborted(reason, write.bytesMoved()));
        } else if (write.bytesTotal() == write.bytesMoved()) {
            finish(null);  // a write of no bytes, which nothing can keep from being out
        } else if (shutdownDone) {
            finish(new SocketClosedException(write.bytesMoved()));
        } else if (!write.fileNext() || !sendFile(write)) {
            submit(write);
        }
    }

    private void submit(WriteOperation first) {
        SendBatch batch = handle.loop().sendBatch();
        try {
            batch.gather(first, addresses);
            boolean atOnce = handle.loop().quietSends() && !lacksRoom;
            request = batch.submit(handle.loop().requests(), this, handle.descriptor().fd(),
                    atOnce);
            bytesAtOnce = atOnce ? batch.bytes() : 0;
        } catch (RingFailure e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            // Errors too: want of memory must not leave an operation without an end.
            batch.discard();
            finish(Failures.transfer(e, first.bytesMoved()));
            return;
        }
        slab = batch.takeSlab();
        handle.submitted();
    }

    /**
     * Has the kernel send the next bytes of a file, as many as there is room for, or pauses. False
     * if it cannot, so that they have to be read first.
     */
    private boolean sendFile(WriteOperation write) {
        UringLoop loop = handle.loop();
        if (!loop.sendFile() || !(write.file() instanceof DescriptorFile file) || file.copied()) {
            return false;
        }
        int offered = (int) Math.min(write.fileBytes(), fileBytesLeft);
        if (offered == 0) {
            pause(write, false);  // a poll would wait for much room, though there may be some
            return true;
        }
        int sent = file.sendTo(handle.descriptor(), write.filePosition(), offered,
                loop.callMemories());
        if (sent > 0) {
            fileBytesLeft -= sent;
            lacksRoom = sent < offered;
            if (write.advanceFile(sent)) {
                finish(null);
            } else if (lacksRoom) {
                pause(write, true);
            }
            return true;
        }
        switch (-sent) {
            case 0 -> finish(Failures.transfer(SendBatch.fileEnded(), write.bytesMoved()));
            case Errno.EAGAIN, Errno.EINTR -> pause(write, true);
            case Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EPERM -> {
                file.copy();  // sendfile(2), "Notes"; EPERM is what filters of calls say
                return false;
            }
            default -> finish(Errors.transfer("sendfile", -sent, write.bytesMoved()));
        }
        return true;
    }

    /** It ends in a later turn of the loop, even if there is room already. */
    private void pause(WriteOperation write, boolean untilRoom) {
        Requests requests = handle.loop().requests();
        try {
            request = untilRoom ? requests.pollRoom(this, handle.descriptor().fd())
                    : requests.nextTurn(this);
        } catch (RingFailure e) {
            throw e;
        } catch (RuntimeException | Error e) {
            finish(Failures.transfer(e, write.bytesMoved()));
            return;
        }
        pausing = true;
        handle.submitted();
    }

    /** What does not wait is over before a cancel could reach it. */
    private void cancel() {
        if (!cancelling && bytesAtOnce == 0) {
            cancelling = true;
            handle.loop().requests().cancel(request);
        }
    }

    // ---- What the kernel says -----------------------------------------------------------------

    @Override
    public void onCompletion(int result, int flags) {
        assert request != SlotTable.NONE;
        request = SlotTable.NONE;
        cancelling = false;
        boolean paused = pausing;
        pausing = false;
        lacksRoom = paused ? result < 0
                : result == -Errno.EAGAIN || result >= 0 && result < bytesAtOnce;
        bytesAtOnce = 0;
        handle.completed();
        TransferSlab used = slab;
        slab = null;
        if (used != null) {
            handle.loop().slabs().giveBack(used);
        }
        if (result < 0) {
            onError(paused ? "poll" : "send", -result);
        } else if (!paused) {
            book(result);
        }
        if (!handle.ending()) {
            goOnBehind();
        }
        handle.settle();
    }

    /** What is left goes out, and whoever waits for the lane to be empty is told. */
    private void goOnBehind() {
        if (lane.isEmpty()) {
            handle.reads().onWritesFlushed();
        }
        goOn();
    }

    private void onError(String call, int errno) {
        boolean again = errno == Errno.ECANCELED || errno == Errno.EINTR || errno == Errno.EAGAIN;
        if (!again && !handle.ending()) {
            WriteOperation first = lane.head();
            assert first != null;
            finish(Errors.transfer(call, errno, first.bytesMoved()));
        }
    }

    /** So many bytes, of one write or of several, are on the stream. */
    private void book(int count) {
        int left = count;
        while (left > 0) {
            WriteOperation write = lane.head();
            assert write != null;
            left -= write.fileNext() ? bookFile(write, left) : book(write, left);
        }
    }

    private int bookFile(WriteOperation write, int count) {
        if (write.advanceFile(count)) {
            finish(null);
        }
        return count;
    }

    private int book(WriteOperation write, int count) {
        int booked = 0;
        ByteBuffer single = write.source();
        if (single != null) {
            booked = move(single, count);
        } else {
            ByteBuffer[] sources = write.sources();
            int end = write.sourcesNow();
            for (int i = write.index(); i < end && booked < count; i++) {
                booked += move(sources[i], count - booked);
            }
        }
        if (write.advance(booked)) {
            finish(null);
        }
        return booked;
    }

    private static int move(ByteBuffer source, int count) {
        int moved = Math.min(source.remaining(), count);
        source.position(source.position() + moved);
        return moved;
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }

    private void finish(@Nullable Throwable cause) {
        handle.finish(lane.remove(), cause);
    }

    private static UringStreamHandle handleOf(WriteOperation write) {
        UringStreamHandle handle = (UringStreamHandle) write.owner();
        assert handle != null;
        return handle;
    }
}
