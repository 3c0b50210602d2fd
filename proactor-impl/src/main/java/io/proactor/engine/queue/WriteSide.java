package io.proactor.engine.queue;

import io.proactor.SocketClosedException;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.operation.AbortReason;
import io.proactor.operation.WriteOperation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing direction of a connection. Methods belong to the loop's thread unless they say so.
 */
final class WriteSide {

    /** Calls per attempt, so that a peer that takes everything does not keep the loop. */
    private static final int CALLS_MAX = 16;

    /** Sources per call. More would seldom fit into what the system takes at once. */
    private static final int GATHER_MAX = 64;

    /**
     * Bytes of a file per call: what a socket buffer takes at most, as it comes. So that a file on
     * a slow disk does not keep the loop for longer than that many bytes need.
     */
    private static final long FILE_CHUNK_BYTES = 1 << 20;

    // Static and without captures: nothing is allocated to call them.
    private static final Consumer<WriteOperation> ARRIVE =
            write -> handleOf(write).writes().arrive(write);
    private static final Predicate<WriteOperation> ABORTING = write -> write.aborting() != null;
    private static final Consumer<WriteOperation> FINISH_ABORTED = write ->
            handleOf(write).finish(write, Failures.aborted(write.aborting(), write.bytesMoved()));

    private final SelectorStreamHandle handle;
    private final OperationLane<WriteOperation> lane = new OperationLane<>();

    // True exactly from the first shutdownOutput. Any thread sets it.
    private volatile boolean shutdownRequested;

    // True exactly from when the loop has seen that, and so every write that came before it.
    private boolean shutdownSeen;

    private boolean shutdownDone;
    private boolean blocked;  // true exactly while the system takes no more and OP_WRITE is awaited

    // True exactly while there may be an aborted write on the lane.
    private boolean abortsSeen;

    WriteSide(SelectorStreamHandle handle) {
        this.handle = handle;
    }

    /** Any thread; the loop has to be told. */
    void offer(WriteOperation write) {
        if (handle.loop().isCurrent()) {
            lane.add(write);
        } else {
            lane.offer(write);
        }
    }

    /** Any thread; the loop has to be told. */
    void requestShutdown() {
        shutdownRequested = true;
    }

    boolean isEmpty() {
        return lane.isEmpty();
    }

    /** Takes up what is new, ends what was aborted, and performs if that may succeed at once. */
    void advance(boolean aborts) {
        abortsSeen |= aborts;
        // First: a write may come in between, and then the request behind it is for a later turn.
        shutdownSeen |= shutdownRequested;
        lane.receive(ARRIVE);
        boolean any = !lane.isEmpty();
        if (abortsSeen) {
            abortsSeen = false;
            lane.removeIf(ABORTING, FINISH_ABORTED);
        }
        if (handle.link().remoteAddress() == null) {
            end(AbortReason.CLOSED, null);  // what is there came behind a disconnect
        } else if (!blocked) {
            flush();
        }
        tellIfFlushed(any);
    }

    void onWritable() {
        blocked = false;
        boolean any = !lane.isEmpty();
        flush();
        if (!blocked) {
            handle.link().unwant(SelectionKey.OP_WRITE);
        }
        tellIfFlushed(any);
    }

    /** What was there is out, or was taken out. */
    private void tellIfFlushed(boolean any) {
        if (any && lane.isEmpty()) {
            handle.reads().onWritesFlushed();
        }
    }

    /** A write is new on the lane. It may have been aborted on its way here. */
    private void arrive(WriteOperation write) {
        handle.arm(write);
        abortsSeen |= write.aborting() != null;
    }

    /** The connection is over, and the next one begins without a trace of it. */
    void reset() {
        assert lane.isEmpty();
        shutdownRequested = false;
        shutdownSeen = false;
        shutdownDone = false;
        blocked = false;
        abortsSeen = false;
    }

    /** The handle is closed. */
    void end(AbortReason reason, @Nullable Throwable cause) {
        lane.receive(ARRIVE);
        while (!lane.isEmpty()) {
            WriteOperation write = lane.remove();
            handle.finish(write,
                    cause != null ? cause : Failures.aborted(reason, write.bytesMoved()));
        }
    }

    private void flush() {
        int calls = 0;
        WriteOperation write = lane.head();
        while (write != null) {
            if (calls++ == CALLS_MAX) {
                block();
                return;
            }
            if (!perform(write)) {
                return;
            }
            write = lane.head();
        }
        if (shutdownSeen && !shutdownDone) {
            shutdownOutput();
        }
    }

    /** One system call for the first write. False if the system takes no more. */
    private boolean perform(WriteOperation write) {
        AbortReason reason = write.aborting();
        try {
            if (reason != null) {
                finish(Failures.aborted(reason, write.bytesMoved()));
            } else if (write.bytesTotal() == write.bytesMoved()) {
                finish(null);  // a write of no bytes, which nothing can keep from being out
            } else if (shutdownDone) {
                finish(new SocketClosedException(write.bytesMoved()));
            } else if (write.fileNext()) {
                return sendFileUninterrupted(write);
            } else {
                ByteBuffer single = write.source();
                long asked = single != null ? one(single) : several(write);
                if (asked < 0) {
                    block();
                    if (write.advance(~asked)) {
                        throw new AssertionError("a short write cannot be the last");
                    }
                    return false;
                }
                if (write.advance(asked)) {
                    finish(null);
                }
            }
        } catch (Throwable e) {
            fail(write, e);
        }
        return true;
    }

    /** Errors too: want of memory or of descriptors must not leave an operation without an end. */
    private void fail(WriteOperation write, Throwable cause) {
        if (lane.head() == write) {
            finish(Failures.transfer(cause, write.bytesMoved()));
        } else {
            handle.context().listener().processorFailed(cause);  // it was finished already
        }
    }

    /**
     * An interrupt would close the file (java.nio.channels.InterruptibleChannel), and a handler
     * that initiates this on the loop's thread may just have interrupted that.
     */
    private boolean sendFileUninterrupted(WriteOperation write) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return sendFile(write);
        } catch (ClosedChannelException e) {
            if (write.fileChannel().isOpen()) {
                throw e;
            }
            // By the application, which may do so at any time; the connection goes on.
            throw new IOException("The file was closed while it was sent.", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One system call, in which the file's bytes need not pass through this process. */
    private boolean sendFile(WriteOperation write) throws IOException {
        long offered = Math.min(write.fileBytes(), FILE_CHUNK_BYTES);
        FileChannel file = write.fileChannel();
        long count = handle.loop().calls().transfer(file, write.filePosition(), offered,
                handle.link().channel());
        if (count == 0 && write.filePosition() >= file.size()) {
            throw new EOFException("The file has become shorter than the region that is sent.");
        }
        if (write.advanceFile(count)) {
            finish(null);
        } else if (count < offered) {
            block();
            return false;
        }
        return true;
    }

    /** Returns the count if all that was offered was taken, else its complement. */
    private long one(ByteBuffer source) throws IOException {
        int offered = source.isDirect() ? source.remaining()
                : Math.min(source.remaining(), ReadSide.HEAP_CHUNK_BYTES);
        if (offered == 0) {
            // Else it would be tried for ever, since the socket takes nothing at any time.
            throw new IllegalStateException("A source was changed while its write was pending.");
        }
        int limit = source.limit();
        source.limit(source.position() + offered);
        int count;
        try {
            count = handle.loop().calls().write(handle.link().channel(), source);
        } finally {
            source.limit(limit);
        }
        return count == offered ? count : ~count;
    }

    /** As {@link #one}, for as many sources as make up one chunk. */
    private long several(WriteOperation write) throws IOException {
        ByteBuffer[] sources = write.sources();
        int first = write.index();
        int length = 0;
        long offered = 0;
        int end = write.sourcesNow();
        while (first + length < end && length < GATHER_MAX
                && offered + sources[first + length].remaining() <= ReadSide.HEAP_CHUNK_BYTES) {
            offered += sources[first + length++].remaining();
        }
        if (length <= 1) {
            return one(sources[first]);
        }
        long count = handle.loop().calls().write(handle.link().channel(), sources, first, length);
        return count == offered ? count : ~count;
    }

    private void block() {
        blocked = true;
        handle.link().want(SelectionKey.OP_WRITE);
    }

    private void shutdownOutput() {
        shutdownDone = true;
        try {
            handle.link().channel().shutdownOutput();
        } catch (IOException e) {
            // The connection is gone already, which the reads and writes on it tell.
        }
    }

    private void finish(@Nullable Throwable cause) {
        handle.finish(lane.remove(), cause);
    }

    private static SelectorStreamHandle handleOf(WriteOperation write) {
        SelectorStreamHandle handle = (SelectorStreamHandle) write.owner();
        assert handle != null;
        return handle;
    }
}
