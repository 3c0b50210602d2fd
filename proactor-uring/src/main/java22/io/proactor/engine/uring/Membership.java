package io.proactor.engine.uring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A handle's place in its loop, for life: the command that tells the loop to look at the handle,
 * and the handle's entry in the loop's list of members.
 */
final class Membership {

    private static final VarHandle QUEUED;

    static {
        try {
            QUEUED = MethodHandles.lookup()
                    .findVarHandle(Membership.class, "queued", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The {@link #index} of a handle that is not in the list. */
    static final int NONE = -1;

    final UringLoop loop;
    final LoopMember member;

    // In the loop's list of members. The loop's thread.
    int index = NONE;

    // True exactly while the command is on the queue. Any thread sets it, by CAS; the loop clears
    // it before it looks at the handle, so that whatever comes later is queued again.
    private volatile boolean queued;

    Membership(UringLoop loop, LoopMember member) {
        this.loop = loop;
        this.member = member;
    }

    /** Any thread, after it has left its message in the handle. */
    void signal() {
        // Between the message and the look: an operation is initiated with a release store, which
        // the look may pass. The loop clears the flag with a full fence, and looks afterwards.
        if (!loop.isCurrent()) {
            VarHandle.fullFence();
        }
        if (!queued && QUEUED.compareAndSet(this, false, true)) {
            loop.enqueue(this);
        }
    }

    /** The loop: the command was taken from the queue. */
    void taken() {
        assert queued;
        queued = false;
    }
}
