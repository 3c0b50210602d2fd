package io.proactor.engine.nio2;

import io.proactor.SocketClosedException;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.operation.AbortReason;
import io.proactor.operation.WriteOperation;
import java.io.IOException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing direction of a connection: writes wait in a lane, and go out in chunks that are
 * copied. Methods belong to the holder unless they say so.
 */
final class WriteSide {

    // Static and without captures: nothing is allocated to call them.
    private static final Consumer<WriteOperation> ARM = write -> handleOf(write).arm(write);
    private static final Predicate<WriteOperation> ABORTING = write -> write.aborting() != null;
    private static final Consumer<WriteOperation> FINISH_ABORTED = write -> {
        AbortReason reason = Objects.requireNonNull(write.aborting());
        handleOf(write).finish(write, Failures.aborted(reason, write.bytesMoved()));
    };
    private static final Consumer<WriteOperation> NO_ARRIVAL = write -> { };

    private final Nio2StreamHandle handle;
    private final Serializer serializer;
    private final WriteChunk chunk;
    private final WriteAttempts attempts;
    private PhysicalCall<Integer> call;  // another one for each connection

    private final OperationLane<WriteOperation> lane = new OperationLane<>();     // not started
    private final OperationLane<WriteOperation> refused = new OperationLane<>();  // came too late

    // The connection whose outgoing direction is to end, if it is the handle's. Any thread.
    private volatile @Nullable Connection shutdownRequested;
    private boolean shutdownDone;  // true exactly from when that was seen to

    // Why nothing goes out any more. Kept for each later write.
    private @Nullable Throwable failure;

    WriteSide(Nio2StreamHandle handle, Nio2Processor processor, Serializer serializer) {
        this.handle = handle;
        this.serializer = serializer;
        chunk = new WriteChunk(handle, processor.smallBuffers(), processor.largeBuffers());
        attempts = new WriteAttempts(handle, processor.clock());
        call = newCall();
    }

    private PhysicalCall<Integer> newCall() {
        return new PhysicalCall<>(serializer, count -> { });
    }

    /** Any thread; the holder has to be told. */
    void offer(WriteOperation write) {
        // A write of no bytes only asks when those before it are out.
        (shutdownRequested() && write.bytesTotal() > 0 ? refused : lane).offer(write);
    }

    /** Any thread; the holder has to be told. */
    void requestShutdown(Connection connection) {
        shutdownRequested = connection;
    }

    private boolean shutdownRequested() {
        Connection ended = shutdownRequested;
        return ended != null && ended == handle.connection();
    }

    /** True if nothing is left to go out. */
    boolean isEmpty() {
        return lane.isEmpty() && chunk.isEmpty() && call.idle();
    }

    /**
     * Takes up what is new and what has gone out, and begins a physical write if there is need.
     *
     * @param channel null while not connected
     * @param aborts true if writes may have been aborted
     */
    void advance(@Nullable AsynchronousSocketChannel channel, boolean aborts) {
        // Before the lane is looked at: what was offered before the request goes out before it.
        boolean shutdown = shutdownRequested();
        lane.receive(ARM);
        refused.receive(NO_ARRIVAL);
        reap();
        while (!refused.isEmpty()) {
            handle.finish(refused.remove(), new SocketClosedException(0));
        }
        if (aborts) {
            chunk.endAborted();
            lane.removeIf(ABORTING, FINISH_ABORTED);
        }
        if (failure != null) {
            endAll(failure);
        } else if (channel == null) {
            if (!handle.connecting()) {
                endAll(new NotYetConnectedException());
            }
        } else if (call.idle()) {
            flush(channel, shutdown);
        }
    }

    /**
     * The handle is closed, or its connection is taken away. The writes end when the JDK has called
     * back, so that they know how many bytes the system has taken.
     *
     * @param lost true if the group has died, and will never call back
     */
    void end(boolean lost) {
        lane.receive(ARM);
        refused.receive(NO_ARRIVAL);
        if (!lost) {
            reap();
        }
        if (lost || call.idle()) {
            endAll(null);
        }
    }

    /** True if the JDK has nothing of this side's. */
    boolean quiet() {
        return call.idle();
    }

    /** After {@link #end}, when it is quiet: nothing is left of the connection. */
    void reset() {
        assert isEmpty();
        attempts.reset();
        call = newCall();  // what the JDK still says of the old one is not heard
        shutdownRequested = null;
        shutdownDone = false;
        failure = null;
    }

    // ---- Private ------------------------------------------------------------------------------

    private void reap() {
        attempts.look(call);
        if (!call.landed()) {
            return;
        }
        Throwable thrown = call.failure();
        int count = thrown == null ? call.result() : 0;
        call.clear();
        if (thrown == null) {
            chunk.taken(count);
            return;
        }
        failure = thrown;
        if (!call.trusted()) {
            handle.breakDown(thrown);
        }
    }

    private void flush(AsynchronousSocketChannel channel, boolean shutdown) {
        try {
            while (chunk.left() == 0 && !(chunk.isEmpty() && lane.isEmpty())) {
                chunk.fill(lane);
                if (chunk.left() == 0) {
                    chunk.taken(0);  // only writes of no bytes
                }
            }
        } catch (OutOfMemoryError e) {
            // Direct memory has a bound (java.nio.Bits.reserveMemory): it costs one connection.
            handle.breakDown(e);
            return;
        }
        if (chunk.left() > 0) {
            begin(channel);
        } else if (shutdown && !shutdownDone) {
            shutdownOutput(channel);
        }
    }

    private void begin(AsynchronousSocketChannel channel) {
        assert failure == null;
        assert !shutdownDone;
        call.begin();
        try {
            if (!attempts.begin(channel, chunk.buffer(), call)) {
                handle.calls().write(channel, chunk.buffer(), call);
            }
        } catch (Throwable thrown) {
            call.failed(thrown, null);
        }
    }

    private void shutdownOutput(AsynchronousSocketChannel channel) {
        assert isEmpty();
        shutdownDone = true;
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // Not connected any more: the next read tells.
            assert e.getMessage() != null;
        }
    }

    private void endAll(@Nullable Throwable cause) {
        chunk.end(cause, call.idle() && call.trusted());
        while (!lane.isEmpty()) {
            end(lane.remove(), cause);
        }
        while (!refused.isEmpty()) {
            end(refused.remove(), cause);
        }
    }

    private void end(WriteOperation write, @Nullable Throwable cause) {
        handle.finish(write, cause != null ? Failures.transfer(cause, write.bytesMoved())
                : handle.endOf(write, write.bytesMoved()));
    }

    private static Nio2StreamHandle handleOf(WriteOperation write) {
        return (Nio2StreamHandle) Objects.requireNonNull(write.owner());
    }
}
