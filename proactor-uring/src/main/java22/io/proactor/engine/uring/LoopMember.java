package io.proactor.engine.uring;

/** A handle as its loop sees it. Every method is called on the loop's thread. */
interface LoopMember {

    /** Something is new: operations, aborts, a close. */
    void onCommand();

    /** The processor drains: what only waits is to end. */
    void onDrain();

    /**
     * The loop's ring is gone, and with it what was in flight: all of the handle's operations fail,
     * and it closes.
     */
    void onRingLost(Throwable cause);
}
