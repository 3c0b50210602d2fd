package io.proactor.engine.nio2;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.engine.event.Failures;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ReadOperation;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * The incoming direction of a connection. All methods belong to the holder.
 *
 * <p>A read of the application is served from a buffer of the library, which one physical read at a
 * time fills. So a read that is cancelled or times out ends at once, while the physical read stays;
 * what it brings waits in the buffer for the next read. No physical read is begun unless a read
 * waits: a peer that sends to nobody is stopped by its window.
 *
 * <p>Bound: one buffer per socket, borrowed while a physical read is in flight or bytes are left
 * over.
 */
final class ReadSide {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Nio2StreamHandle handle;
    private final DirectBuffers buffers;
    private final PhysicalCall<Integer> call;
    private final LastLook lastLook;

    private boolean taken;  // true exactly while a read is PENDING or ABORTING and known here
    private boolean armed;  // true exactly while that read has been asked for its timeout

    // While the call is in flight, the JDK's; else from position to limit what no read has taken
    // yet. Null exactly if neither.
    private @Nullable ByteBuffer buffer;

    // How the stream ended. Kept for each later read; at most one of the two is set.
    private boolean endOfStream;
    private @Nullable Throwable failure;

    ReadSide(Nio2StreamHandle handle, Nio2Processor processor, Serializer serializer) {
        this.handle = handle;
        buffers = processor.smallBuffers();
        call = new PhysicalCall<>(serializer, count -> { });
        lastLook = new LastLook(handle);
    }

    /**
     * Serves the read, if there is one, and begins a physical one if that is not enough.
     *
     * @param channel null while not connected
     * @param draining true if a read must not wait
     */
    void advance(@Nullable AsynchronousSocketChannel channel, boolean draining) {
        reap();
        ReadOperation read = handle.read();
        if (!taken && read.pending()) {
            taken = true;
            armed = false;
            lastLook.renew();
        }
        if (taken && !serve(read)) {
            await(read, channel, draining);
        }
        giveBackIfEmpty();
        assert invariants();
    }

    /**
     * The handle is closed: the read ends, and what comes now is dropped.
     *
     * @param lost true if the group has died, and will never call back
     */
    void end(boolean lost) {
        reap();
        ReadOperation read = handle.read();
        if (taken || read.pending()) {
            finish(read, handle.endOf(read, read.bytesMoved()));
        }
        if (buffer != null && call.idle()) {
            buffer.limit(buffer.position());
            giveBackIfEmpty();
        } else if (lost) {
            abandonBuffer();
        }
    }

    /** True if the JDK has nothing of this side's. */
    boolean quiet() {
        return call.idle();
    }

    // ---- Private ------------------------------------------------------------------------------

    /** Takes the result of the physical read, if there is one. */
    private void reap() {
        if (!call.landed()) {
            return;
        }
        Throwable thrown = call.failure();
        int count = thrown == null ? call.result() : 0;
        call.clear();
        if (buffer != null) {
            buffer.position(0).limit(Math.max(0, count));
        }
        if (thrown != null) {
            failure = thrown;
            if (!call.trusted()) {
                abandonBuffer();
                handle.breakDown(thrown);
            }
        } else if (count < 0) {
            endOfStream = true;
        }
    }

    /** True if the read is finished. What is there goes to it, even if it was aborted meanwhile. */
    private boolean serve(ReadOperation read) {
        if (read.fill(buffer != null && call.idle() ? buffer : NOTHING)) {
            finish(read, null);
        } else if (read.full()) {
            finish(read, new DelimiterNotFoundException(read.bytesMoved()));
        } else if (failure != null) {
            finish(read, Failures.transfer(failure, read.bytesMoved()));
        } else if (endOfStream) {
            finishAtEnd(read);
        } else {
            AbortReason reason = read.aborting();
            if (reason != null && reason != AbortReason.TIMED_OUT) {
                finish(read, Failures.aborted(reason, read.bytesMoved()));
            }
        }
        return !taken;
    }

    private void finishAtEnd(ReadOperation read) {
        if (read.bytesMoved() > 0) {
            finish(read, new EndOfStreamException(read.bytesMoved()));
        } else {
            read.endOfStream();
            finish(read, null);
        }
    }

    private void await(ReadOperation read, @Nullable AsynchronousSocketChannel channel,
            boolean draining) {
        if (channel == null && !handle.connecting()) {
            finish(read, Failures.transfer(new NotYetConnectedException(), 0));
            return;
        }
        AbortReason reason = read.aborting();
        if (reason == null && draining) {
            reason = AbortReason.SHUTDOWN;
        }
        if (reason != null) {
            switch (lastLook.next(channel == null || !call.idle())) {
                case WAIT -> { }
                case BEGIN -> begin(channel);
                case END -> finish(read, Failures.aborted(reason, read.bytesMoved()));
            }
            return;
        }
        if (!armed) {
            armed = true;
            handle.arm(read);
        }
        if (channel != null && call.idle()) {
            begin(channel);
        }
    }

    private void begin(@Nullable AsynchronousSocketChannel channel) {
        assert channel != null;
        assert taken : "a peer that sends to nobody is stopped by its window";
        assert failure == null;
        assert !endOfStream;
        assert buffer == null || !buffer.hasRemaining();
        call.begin();
        try {
            if (buffer == null) {
                buffer = buffers.borrow();
            }
            handle.calls().read(channel, buffer.clear(), call);
        } catch (Throwable thrown) {
            call.failed(thrown, null);
        }
    }

    private void giveBackIfEmpty() {
        if (buffer != null && call.idle() && !buffer.hasRemaining()) {
            buffers.giveBack(buffer);
            buffer = null;
        }
    }

    /** The JDK may still have the buffer, and write to it at any time. */
    private void abandonBuffer() {
        if (buffer != null) {
            buffer = null;
            buffers.abandoned();
        }
    }

    private void finish(ReadOperation read, @Nullable Throwable cause) {
        taken = false;
        handle.finish(read, cause);
    }

    private boolean invariants() {
        assert !endOfStream || failure == null;
        assert failure == null && !endOfStream || call.idle() : "the stream has ended";
        assert taken || buffer == null || !call.idle() || buffer.hasRemaining();
        return true;
    }
}
