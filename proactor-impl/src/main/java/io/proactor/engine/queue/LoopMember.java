package io.proactor.engine.queue;

import java.io.IOException;

/** A handle as its loop sees it. Every method is called on the loop's thread. */
interface LoopMember {

    /** Something is new: operations, aborts, a close. */
    void onCommand();

    /** The selector found the channel ready. */
    void onReady(int readyOps);

    /** The processor drains: what only waits is to end. */
    void onDrain();

    /** The loop has another selector: the channel, if there is one, is registered with that. */
    void onNewSelector() throws IOException;

    /** The loop cannot serve the handle any more: all of its operations fail, and it closes. */
    void onFailure(Throwable cause);
}
