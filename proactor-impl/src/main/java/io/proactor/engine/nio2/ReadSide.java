package io.proactor.engine.nio2;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.event.ReceiveClaim;
import io.proactor.operation.AbortReason;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.ReceiveBuffer;
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
 * <p>While a receive or a wait is all there is, the physical read asks for one byte. A receive, or
 * a read, that such a byte satisfies looks further: what else has arrived is to come with it. That
 * takes one more physical read, into the library's memory; if it finds nothing, it stays in flight,
 * and whatever comes next is in its buffer.
 */
final class ReadSide {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** How far the look is that a read takes when it is satisfied. */
    private enum Look {
        /** There is none. */
        NONE,
        /** Its physical read is yet to be begun, on a thread of the group. */
        DUE,
        /** Its physical read is in flight, or has landed. */
        BEGUN
    }

    private final Nio2StreamHandle handle;
    private final Serializer serializer;
    private final ReceiveBuffers receiveBuffers;
    private final LastLook lastLook;
    private final Runnable afterwards;
    private final ReadBuffer arrived;  // while the call is in flight, the JDK's

    private PhysicalCall<Integer> call;    // another one for each connection
    private @Nullable ReceiveClaim claim;  // made by the first receive of a connection

    private boolean taken;     // true exactly while a read is PENDING or ABORTING and known here
    private boolean armed;     // true exactly while that read has been asked for its timeout
    private boolean starving;  // true exactly while it is a receive with bytes and without a buffer
    private Look look = Look.NONE;

    // How the stream ended. Kept for each later read; at most one of the two is set.
    private boolean endOfStream;
    private @Nullable Throwable failure;

    ReadSide(Nio2StreamHandle handle, Nio2Processor processor, Serializer serializer) {
        this.handle = handle;
        this.serializer = serializer;
        receiveBuffers = processor.receiveBuffers();
        lastLook = new LastLook(handle);
        afterwards = processor.afterwards();
        arrived = new ReadBuffer(processor);
        call = newCall();
    }

    private PhysicalCall<Integer> newCall() {
        return new PhysicalCall<>(serializer, count -> { }, afterwards);
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
        if (look != Look.NONE) {
            concludeLook(read, channel);
        } else if (taken && !serve(read, channel)) {
            await(read, channel, draining);
        }
        if (call.idle()) {
            arrived.giveBackIfEmpty();
        }
        assert invariants();
    }

    /**
     * The handle is closed, or its connection is taken away: the read ends, and what comes now is
     * dropped.
     *
     * @param lost true if the group has died, and will never call back
     */
    void end(boolean lost) {
        reap();
        ReadOperation read = handle.read();
        if (taken || read.pending()) {
            finish(read, look != Look.NONE ? null : handle.endOf(read, read.bytesMoved()));
        }
        if (call.idle()) {
            arrived.drop();
        } else if (lost) {
            arrived.abandon();
        }
    }

    /** True if the JDK has nothing of this side's. */
    boolean quiet() {
        return call.idle();
    }

    /** After {@link #end}, when it is quiet: nothing is left of the connection. */
    void reset() {
        assert quiet();
        assert !taken;
        assert arrived.idle();
        call = newCall();  // what the JDK still says of the old one is not heard
        claim = null;      // leases that are still open burden the next connection no more
        endOfStream = false;
        failure = null;
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
        arrived.arrived(Math.max(0, count));
        if (thrown != null) {
            failure = thrown;
            if (!call.trusted()) {
                arrived.abandon();
                handle.breakDown(thrown);
            }
        } else if (count < 0) {
            endOfStream = true;
        }
    }

    /**
     * True if the read need not wait. What is there goes to it, even if it was aborted meanwhile.
     */
    private boolean serve(ReadOperation read, @Nullable AsynchronousSocketChannel channel) {
        boolean some = call.idle() && !arrived.isEmpty();
        if (some && read.needsBuffer()) {
            equip(read);
        }
        boolean more = some && arrived.one();
        if (!read.needsBuffer() && fill(read)) {
            if (more && !read.waits() && !read.untilDelimiter() && !read.full()) {
                lookFurther(channel);
            } else {
                finish(read, null);
            }
        } else if (read.full()) {
            finish(read, new DelimiterNotFoundException(read.bytesMoved()));
        } else if (read.waits() && (failure != null || endOfStream)) {
            finish(read, null);  // the next read tells
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
        return !taken || look != Look.NONE;
    }

    private boolean fill(ReadOperation read) {
        return read.fill(call.idle() ? arrived.bytes() : NOTHING);
    }

    /** Picks a buffer for a receive, now that there is something to put into it. */
    private void equip(ReadOperation read) {
        if (claim == null) {
            claim = new ReceiveClaim(receiveBuffers, serializer::signal);
        }
        starving = true;
        try {
            ReceiveBuffer picked = claim.take();
            if (picked != null) {
                starving = false;
                read.equip(picked);
            }
        } catch (OutOfMemoryError e) {
            // Direct memory has a bound (java.nio.Bits.reserveMemory): it costs one connection.
            handle.breakDown(e);
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

    private void await(ReadOperation read, @Nullable AsynchronousSocketChannel channel,
            boolean draining) {
        if (channel == null && !handle.connecting()) {
            finish(read, Failures.transfer(new NotYetConnectedException(), 0));
            return;
        }
        boolean one = read.waits() || read.needsBuffer();
        AbortReason reason = read.aborting();
        if (reason == null && draining) {
            reason = AbortReason.SHUTDOWN;
        }
        if (reason != null) {
            // A receive that has found something and no buffer for it has nothing to look for.
            switch (starving ? LastLook.Step.END : next(channel == null || !call.idle())) {
                case WAIT -> { }
                case BEGIN -> begin(channel, one);
                case END -> finish(read, Failures.aborted(reason, read.bytesMoved()));
            }
            return;
        }
        if (!armed) {
            armed = true;
            handle.arm(read);
        }
        if (channel != null && call.idle() && !starving) {
            begin(channel, one);
        }
    }

    /** Looks once more; what lands while this turn goes on is something that was found. */
    private LastLook.Step next(boolean inFlight) {
        LastLook.Step step = lastLook.next(inFlight);
        if (step == LastLook.Step.END && call.landed()) {
            lastLook.renew();
            return LastLook.Step.WAIT;  // for the turn that takes it, which is due
        }
        return step;
    }

    private void begin(@Nullable AsynchronousSocketChannel channel, boolean one) {
        assert channel != null;
        assert taken : "a peer that sends to nobody is stopped by its window";
        assert failure == null;
        assert !endOfStream;
        call.begin();
        try {
            handle.calls().read(channel, arrived.borrow(one), call);
        } catch (Throwable thrown) {
            call.failed(thrown, null);
        }
    }

    // ---- Looking further ----------------------------------------------------------------------

    /** The read has got its one byte. */
    private void lookFurther(@Nullable AsynchronousSocketChannel channel) {
        look = Look.DUE;
        lastLook.renew();
        if (handle.onGroupThread()) {
            beginLook(channel);
        }
        if (!call.landed()) {
            lastLook.next(!call.idle());
        }
    }

    /** The JDK tries at once. So what is there is taken in the next turn. */
    private void beginLook(@Nullable AsynchronousSocketChannel channel) {
        look = Look.BEGUN;
        begin(channel, false);
    }

    /**
     * Ends the read when it has what was there, or there was nothing. It has succeeded, so whatever
     * aborts it comes too late, and the look does not take long.
     */
    private void concludeLook(ReadOperation read, @Nullable AsynchronousSocketChannel channel) {
        if (look == Look.BEGUN && call.idle()) {
            fill(read);
            finish(read, null);
        } else {
            switch (next(!call.idle())) {
                case WAIT -> { }
                case BEGIN -> beginLook(channel);
                case END -> finish(read, null);
            }
        }
    }

    // ---- The end of a read --------------------------------------------------------------------

    private void finish(ReadOperation read, @Nullable Throwable cause) {
        taken = false;
        look = Look.NONE;
        if (starving) {
            starving = false;
            assert claim != null;
            claim.waive();
        }
        handle.finish(read, cause);
    }

    private boolean invariants() {
        assert !endOfStream || failure == null;
        assert failure == null && !endOfStream || call.idle() : "the stream has ended";
        assert taken || arrived.idle() || !call.idle() || !arrived.isEmpty();
        assert taken || !starving && look == Look.NONE;
        assert !starving || !arrived.isEmpty();
        return true;
    }
}
