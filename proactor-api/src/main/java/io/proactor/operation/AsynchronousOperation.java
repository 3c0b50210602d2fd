package io.proactor.operation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One read, write, accept, connect, disconnect, timer or posted value, from its initiation to the
 * call of its handler. This one object waits in every queue on that way.
 *
 * <p>An operation has a slot in an {@link OperationTable} for life, and a generation that counts
 * its initiations. Both together are its id, so that an id never names a later life.
 */
public abstract sealed class AsynchronousOperation extends CompletionEvent
        permits ReadOperation, WriteOperation, AcceptOperation, ConnectOperation,
                DisconnectOperation, TimerOperation, PostOperation {

    /*
     * The life of an operation. No other method moves the state.
     *
     *   IDLE --claim--> CLAIMED --initiate--> PENDING --complete--> COMPLETED --retire--> IDLE
     *     ^                |                     |                      ^
     *     +----abandon-----+                     +--abort--> ABORTING --+  complete
     *
     * IDLE                 the initiator owns the operation and its buffer
     * CLAIMED              one initiating call fills in the arguments
     * PENDING, ABORTING    the processor owns both; nobody else touches the buffer
     * COMPLETED            the dispatcher owns it; it waits on the completion event queue
     *
     * claim and abort may race with others, so they CAS. The other moves have one owner each and
     * are release stores. Whoever tells another thread of the move must put a full fence between
     * the move and its look whether that thread has been told already. An abort that comes after
     * complete loses. retire comes before the handler, so that the handler can initiate again.
     *
     * The word is generation << 8 | phase. An ABORTING phase also says why.
     */
    private static final int IDLE = 0;
    private static final int CLAIMED = 1;
    private static final int PENDING = 2;
    private static final int COMPLETED = 3;
    private static final int ABORTING = 4;  // + AbortReason.ordinal()

    private static final int PHASE_BITS = 8;
    private static final long PHASE_MASK = (1L << PHASE_BITS) - 1;

    /** Bits of an id that hold the slot: 16,777,216 operations at a time. */
    static final int SLOT_BITS = 24;
    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

    /** Of an operation that cannot be aborted. Its id is 0 in every life. */
    private static final int NO_SLOT = -1;

    // 39 bits, so that an id is positive: at a million initiations a second of the very same slot,
    // a generation comes again after six days.
    private static final long GENERATION_MASK = (1L << 39) - 1;

    /**
     * 146 years: what can be added to a reading of the clock and still be compared with another.
     */
    private static final long TIMEOUT_NANOS_MAX = Long.MAX_VALUE >> 1;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup()
                    .findVarHandle(AsynchronousOperation.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long state;
    private final int slot;
    private final boolean traced;  // true exactly if each initiation leaves a trace

    // Changes only while the operation is IDLE and in the hands of a free list.
    private @Nullable OperationOwner owner;

    // From claim to complete written by whoever owns the operation; published by the next move of
    // the state and by the queue that the operation travels in.
    private @Nullable CompletionHandler<?, ?> handler;
    private @Nullable Object attachment;
    private @Nullable Throwable cause;
    private @Nullable Deadline deadline;
    private long timeoutNanos;

    // Of the current life, for those who look at what is pending; and may see another life.
    private long initiatedNanos;
    private @Nullable OperationTrace trace;

    /**
     * @param owner whom the operation belongs to, or null if it cannot be aborted
     * @param table where its slot is taken, or null if it has no id
     */
    @SuppressWarnings("this-escape")  // the table finds it only by an id, and no life has begun
    AsynchronousOperation(@Nullable OperationOwner owner, @Nullable OperationTable table) {
        this.owner = owner;
        if (table == null) {
            slot = NO_SLOT;
            traced = false;
        } else {
            traced = table.traced();
            slot = table.register(this);
            state = table.generationOf(slot) << PHASE_BITS | IDLE;
        }
    }

    /** Returns what this operation does. */
    public abstract Kind kind();

    /** Returns what {@code completed} is called with. The dispatcher, COMPLETED and no cause. */
    abstract @Nullable Object value();

    /** Drops buffers and other arguments, so that an IDLE operation holds nothing of a caller's. */
    abstract void forgetArguments();

    // ---- The initiator ------------------------------------------------------------------------

    /** Any thread. IDLE→CLAIMED; false if the operation is in use. */
    public final boolean claim() {
        long now = state;
        long generation = (now >>> PHASE_BITS) + 1 & GENERATION_MASK;
        return phase(now) == IDLE
                && STATE.compareAndSet(this, now, generation << PHASE_BITS | CLAIMED);
    }

    /**
     * The initiator. Sets what every operation has.
     *
     * @param timeoutNanos from now; 0 or less for never
     */
    final void prepare(@Nullable Object attachment, CompletionHandler<?, ?> handler,
            long timeoutNanos) {
        assert phase(state) == CLAIMED;
        this.attachment = attachment;
        this.handler = Objects.requireNonNull(handler, "handler");
        this.timeoutNanos = Math.min(Math.max(0, timeoutNanos), TIMEOUT_NANOS_MAX);
    }

    /**
     * The initiator. CLAIMED→PENDING: from here on the operation is the processor's.
     *
     * @param nowNanos as {@link System#nanoTime} tells, for {@link #initiatedNanos}
     */
    public final void initiate(long nowNanos) {
        long now = state;
        assert phase(now) == CLAIMED;
        assert handler != null;
        initiatedNanos = nowNanos;
        if (traced) {
            trace = OperationTrace.of(kind(), idOf(now));
        }
        STATE.setRelease(this, now & ~PHASE_MASK | PENDING);
    }

    /** The initiator. CLAIMED→IDLE: the arguments turned out to be unusable. */
    public final void abandon() {
        assert phase(state) == CLAIMED;
        forget();
        STATE.setRelease(this, state & ~PHASE_MASK | IDLE);
    }

    // ---- Anyone -------------------------------------------------------------------------------

    /**
     * Any thread. PENDING→ABORTING, if the operation is still in the life that {@code id} names.
     *
     * @return true if this call made the move; the owner has been told and will complete the
     *     operation, with the failure that the reason asks for or with what it had achieved before
     */
    public final boolean abort(long id, AbortReason reason) {
        long now = state;
        if (phase(now) != PENDING || id != idOf(now)) {
            return false;
        }
        // Before the move: after it, the operation may be in other hands at any moment.
        OperationOwner owner = this.owner;
        if (!STATE.compareAndSet(this, now, now & ~PHASE_MASK | ABORTING + reason.ordinal())) {
            return false;
        }
        if (owner != null) {
            owner.onAbort(this);
        }
        return true;
    }

    /** Any thread. Returns the id of the life that the operation is in, or of its last one. */
    public final long id() {
        return idOf(state);
    }

    /** Any thread. True from initiate to complete. */
    public final boolean pending() {
        int phase = phase(state);
        return phase == PENDING || phase >= ABORTING;
    }

    /** Any thread. True from complete to retire. */
    public final boolean completed() {
        return phase(state) == COMPLETED;
    }

    /**
     * Any thread, pending. When the current life began, as {@link System#nanoTime} tells. A life
     * without a timeout may have begun later, by no more than handlers of the same turn of its loop
     * have taken.
     */
    public final long initiatedNanos() {
        return initiatedNanos;
    }

    /** Any thread, pending. Where the current life began; null if that is not traced. */
    public final @Nullable OperationTrace trace() {
        return trace;
    }

    /** Returns the owner, or null if the operation has none. */
    public final @Nullable OperationOwner owner() {
        return owner;
    }

    /**
     * For a free list, which is the only one to know an IDLE operation: its next owner, or none.
     */
    public final void adopt(@Nullable OperationOwner owner) {
        assert phase(state) == IDLE;
        this.owner = owner;
    }

    /** Returns the slot in the operation table. */
    final int slot() {
        return slot;
    }

    /** Returns the generation of the current or last life. */
    final long generation() {
        return state >>> PHASE_BITS;
    }

    // ---- The processor ------------------------------------------------------------------------

    /** The processor. Returns why the operation is ABORTING, or null if it is PENDING. */
    public final @Nullable AbortReason aborting() {
        int phase = phase(state);
        assert phase == PENDING || phase >= ABORTING;
        return phase >= ABORTING ? AbortReason.of(phase - ABORTING) : null;
    }

    /** The processor. Returns the timeout in nanoseconds from the initiation; 0 is never. */
    public final long timeoutNanos() {
        return timeoutNanos;
    }

    /** The processor. Keeps the deadline that it armed for this life; completion disarms it. */
    public final void arm(Deadline armed) {
        assert deadline == null : "one deadline a life";
        deadline = armed;
    }

    /** The processor, once a life. PENDING or ABORTING→COMPLETED; a null cause is success. */
    public final void complete(@Nullable Throwable cause) {
        long now = state;
        assert phase(now) == PENDING || phase(now) >= ABORTING : this;
        if (deadline != null) {
            deadline.disarm();
            deadline = null;
        }
        this.cause = cause;
        if (cause != null && trace != null) {
            cause.addSuppressed(trace);
        }
        STATE.setRelease(this, now & ~PHASE_MASK | COMPLETED);
    }

    // ---- The dispatcher -----------------------------------------------------------------------

    /** The dispatcher, once a life. COMPLETED→IDLE, then the handler. */
    @Override
    @SuppressWarnings("unchecked")  // initiating methods pair each kind with its handler's types
    public final void dispatch(HandlerRunner runner) {
        long now = state;
        assert phase(now) == COMPLETED : this;
        // Before the counters hear of the end, so that there is no moment at which an operation is
        // neither outstanding nor in a handler: a shutdown would take it for quiet.
        runner.begin();
        CompletionHandler<Object, Object> handler =
                (CompletionHandler<Object, Object>) Objects.requireNonNull(this.handler);
        OperationOwner owner = this.owner;
        Object attachment = this.attachment;
        Object value = this.cause == null ? valueOrCause() : null;
        Throwable cause = this.cause;
        Kind kind = kind();
        long id = idOf(now);
        OperationTrace trace = this.trace;
        forget();
        STATE.setRelease(this, now & ~PHASE_MASK | IDLE);
        // Whatever one of the steps throws, which is a bug of ours or want of memory, the others
        // are taken: the handler is called, and the owner hears of its return.
        try {
            if (owner != null) {
                owner.onRetire(this, outcomeOf(cause));
            }
        } finally {
            // From here on the operation may be somebody else's: only locals are used.
            try {
                if (trace == null) {
                    runner.call(handler, value, attachment, cause, id, owner);
                } else {
                    trace.during(() -> runner.call(handler, value, attachment, cause, id, owner));
                }
            } finally {
                if (owner != null) {
                    owner.onHandled(kind);
                }
            }
        }
    }

    /** Returns the value; or sets the cause, if there is no memory for the value's object. */
    private @Nullable Object valueOrCause() {
        try {
            return value();
        } catch (Throwable thrown) {
            cause = thrown;
            return null;
        }
    }

    // ---- Private ------------------------------------------------------------------------------

    private void forget() {
        handler = null;
        attachment = null;
        cause = null;
        trace = null;
        timeoutNanos = 0;
        forgetArguments();
    }

    private static Outcome outcomeOf(@Nullable Throwable cause) {
        if (cause == null) {
            return Outcome.COMPLETED;
        }
        return cause instanceof OperationFailure failure ? failure.outcome() : Outcome.FAILED;
    }

    private static int phase(long state) {
        return (int) (state & PHASE_MASK);
    }

    private long idOf(long state) {
        return slot == NO_SLOT ? 0 : (state >>> PHASE_BITS) << SLOT_BITS | slot;
    }

    /** Returns the slot that an id names. */
    static int slotOf(long id) {
        return (int) (id & SLOT_MASK);
    }

    @Override
    public String toString() {
        long now = state;
        int phase = phase(now);
        String name = switch (phase) {
            case IDLE -> "IDLE";
            case CLAIMED -> "CLAIMED";
            case PENDING -> "PENDING";
            case COMPLETED -> "COMPLETED";
            default -> "ABORTING(" + AbortReason.of(phase - ABORTING) + ")";
        };
        return kind() + " #" + idOf(now) + " " + name;
    }
}
