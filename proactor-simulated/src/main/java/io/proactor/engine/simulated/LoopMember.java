package io.proactor.engine.simulated;

/** A handle as its loop sees it. Every method is called on the loop's simulated thread. */
interface LoopMember {

    /** Something is new: operations, aborts, a close, the drain, the end. */
    void onCommand();

    /** Nothing can happen any more, and the program is not at its end: what hangs is found. */
    void checkAtRest();
}
