package io.proactor.operation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A buffer of a processor's pool, into which a receive puts its bytes. From there to its release it
 * is leased to the application, which names its lease by a generation: who has released it, or
 * never had it, cannot reach a later one.
 *
 * <p>Threads: the pool's rules until it is leased; then any.
 */
public final class ReceiveBuffer {

    /*
     * generation << 16 | pins. The generation is odd exactly while the buffer is leased. A pin is a
     * write of the leased bytes that has not ended: meanwhile the lease can be neither used nor
     * released. Any thread: CAS.
     */
    private static final int PIN_BITS = 16;
    private static final long PINS_MASK = (1L << PIN_BITS) - 1;
    private static final long GENERATION = 1L << PIN_BITS;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup()
                    .findVarHandle(ReceiveBuffer.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Where a buffer goes when its lease has ended. */
    public interface Source {

        /** Takes a buffer back. Any thread, once for each lease. */
        void giveBack(ReceiveBuffer buffer);

        /** Gives a buffer up: its lease was lost, and somebody may still look at its memory. */
        void forfeit(ReceiveBuffer buffer);
    }

    /** Who has a buffer, from when the pool hands it out until it is back. */
    public interface Holder {

        /** One of the holder's buffers is back in its pool. Any thread. */
        void onReturned();
    }

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(4_096).asReadOnlyBuffer();

    private volatile long state;
    private final ByteBuffer bytes;

    // Set by the pool when it hands the buffer out; published by the lease.
    private Source source;
    private @Nullable Holder holder;

    // Where the first byte lies, for a processor that tells the kernel; 0 until one has asked.
    // Published by the lease, and by the pool.
    private long address;

    // Behind the limit, up to here, may lie what an earlier lease or the processor has left; for
    // whoever has the buffer.
    private int soiledEnd;

    /** For pools. {@code bytes} is kept; its position and limit are the holder's to set. */
    public ReceiveBuffer(ByteBuffer bytes, Source source) {
        this.bytes = bytes;
        this.source = source;
    }

    /** The holder. Returns the memory. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The processor: where the first byte lies, or 0 if that was not said yet. */
    public long address() {
        return address;
    }

    /** The processor, while it has the buffer: where the first byte lies. */
    public void address(long address) {
        this.address = address;
    }

    /** The pool, when it hands the buffer out: where it is to come back to. */
    public void source(Source source) {
        this.source = source;
    }

    /** The pool, when it hands the buffer out: for whom. */
    public void holder(Holder holder) {
        this.holder = holder;
    }

    /** The pool, which takes the buffer back: from whom. */
    public @Nullable Holder takeHolder() {
        Holder before = holder;
        holder = null;
        return before;
    }

    /** The processor, when the buffer goes to the application: returns the lease's generation. */
    public long lease() {
        long now = state;
        assert !leased(now);
        bytes.order(ByteOrder.BIG_ENDIAN);  // an earlier lease may have had the other one
        eraseBehindLimit();
        STATE.setRelease(this, now + GENERATION);
        return (now + GENERATION) >>> PIN_BITS;
    }

    /**
     * Any thread. True if that lease has not been released.
     *
     * @throws IllegalStateException if a write of its bytes is pending
     */
    public boolean usable(long generation) {
        long now = state;
        if (now >>> PIN_BITS != generation) {
            return false;
        }
        requireUnpinned(now);
        return true;
    }

    /**
     * Any thread. Ends a lease; the buffer goes back to its pool.
     *
     * @return false if it has been released before
     * @throws IllegalStateException if a write of its bytes is pending
     */
    public boolean release(long generation) {
        while (true) {
            long now = state;
            if (now >>> PIN_BITS != generation) {
                return false;
            }
            requireUnpinned(now);
            if (STATE.compareAndSet(this, now, now + GENERATION)) {
                soiled(bytes.limit());
                bytes.clear();
                source.giveBack(this);
                return true;
            }
        }
    }

    /**
     * Any thread. The lease was lost, not released, and the buffer is with it: nobody gets it
     * again, so that a write of its bytes that is pending may go on.
     */
    public void forfeit(long generation) {
        while (true) {
            long now = state;
            if (now >>> PIN_BITS != generation) {
                return;
            }
            if (STATE.compareAndSet(this, now, now + GENERATION)) {
                source.forfeit(this);
                return;
            }
        }
    }

    /** The initiator of a write of the leased bytes. False if the lease has been released. */
    public boolean pin(long generation) {
        while (true) {
            long now = state;
            if (now >>> PIN_BITS != generation) {
                return false;
            }
            if ((now & PINS_MASK) == PINS_MASK) {
                throw new IllegalStateException("Too many writes of one lease are pending.");
            }
            if (STATE.compareAndSet(this, now, now + 1)) {
                soiled(bytes.limit());
                return true;
            }
        }
    }

    /** The processor: the buffer goes back to its pool, and was never leased. */
    public void giveBack() {
        assert !leased(state);
        soiled(bytes.position());
        source.giveBack(this);
    }

    /** The write has ended, or was not accepted. Any thread. */
    public void unpin() {
        long before = (long) STATE.getAndAdd(this, -1L);
        assert (before & PINS_MASK) > 0;
    }

    /** Who has the buffer: bytes up to there were put into it. */
    public void soiled(int end) {
        soiledEnd = Math.max(soiledEnd, end);
    }

    /**
     * The bytes may be for another connection than those before them, and its application may look
     * behind the limit: nothing is there. What is erased is what was received earlier, and what lay
     * before the limit when the application had it written or gave it back; so messages of the same
     * size cost nothing, and none costs more than the longest before it.
     */
    private void eraseBehindLimit() {
        int limit = bytes.limit();
        if (limit < soiledEnd) {
            bytes.limit(soiledEnd);
            for (int at = limit; at < soiledEnd; at += ZEROS.capacity()) {
                bytes.put(at, ZEROS, 0, Math.min(ZEROS.capacity(), soiledEnd - at));
            }
            bytes.limit(limit);
        }
        soiledEnd = limit;
    }

    private static void requireUnpinned(long state) {
        if ((state & PINS_MASK) > 0) {
            throw new IllegalStateException("A write of the leased bytes is pending.");
        }
    }

    private static boolean leased(long state) {
        return (state >>> PIN_BITS & 1) == 1;
    }
}
