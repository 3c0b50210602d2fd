package io.proactor.engine.nio2;

import org.jspecify.annotations.Nullable;

/**
 * Gives a read that is to end without bytes the chance to find some that have arrived: when its
 * timeout elapses, or while the processor drains. The read is passed through the group, behind what
 * the system has reported so far.
 *
 * <p>A physical read is begun on a thread of the group then, because there the JDK tries at once
 * (sun.nio.ch.UnixAsynchronousSocketChannelImpl.implRead); on another thread it would wait for the
 * system to say that there is something.
 *
 * <p>Threads: the holder's, but for the end of a pass.
 */
final class LastLook {

    /** What the read does next. */
    enum Step { WAIT, BEGIN, END }

    /**
     * Passes with a physical read in flight until there was nothing. What had arrived before the
     * first has been reported by the second, on Windows too, where the completion port returns
     * packets in the order in which they were queued. With several threads, one may be stopped
     * between a report and what follows from it; then the bytes are for the next read.
     */
    private static final int PASSES = 2;

    private final Nio2StreamHandle handle;

    // Passes that have ended while the physical read was in flight; -1 for one that began before.
    private int passes;

    private boolean passing;  // true exactly from the begin of a pass until its end was seen

    // The thread on which a pass has ended, until that is seen; null else. Written by that thread.
    private volatile @Nullable Thread passedOn;

    LastLook(Nio2StreamHandle handle) {
        this.handle = handle;
    }

    /** There is another read. A pass that is still under way does not count for it. */
    void renew() {
        passes = passing ? -1 : 0;
    }

    /**
     * Returns what the read does now. While it waits, the handle is signalled again.
     *
     * @param inFlight true if there is a physical read, or none can be begun
     */
    Step next(boolean inFlight) {
        assert passes < PASSES : "the read has ended";
        boolean onGroup = false;
        if (passing) {
            Thread on = passedOn;
            if (on == null) {
                return Step.WAIT;
            }
            passing = false;
            passedOn = null;
            onGroup = on == Thread.currentThread();
            if (inFlight && ++passes == PASSES) {
                return Step.END;
            }
        }
        passing = true;
        handle.pass(this::onPassed);
        return onGroup && !inFlight ? Step.BEGIN : Step.WAIT;
    }

    /** A thread of the group. */
    private void onPassed() {
        passedOn = Thread.currentThread();
        handle.signal();
    }
}
