package io.proactor.engine.simulated;

/** A handle's place in its loop, for life: the command to look at it, and its place in the list. */
final class Membership {

    static final int NONE = -1;

    final SimulatedLoop loop;
    final LoopMember member;
    int index = NONE;        // in the loop's list of members
    private boolean queued;  // true exactly while the command is on the queue

    Membership(SimulatedLoop loop, LoopMember member) {
        this.loop = loop;
        this.member = member;
    }

    void signal() {
        if (!queued) {
            queued = true;
            loop.enqueue(this);
        }
    }

    void taken() {
        assert queued;
        queued = false;
    }
}
