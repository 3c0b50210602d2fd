package io.proactor.engine.queue;

import io.proactor.spi.ProcessorListener;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls the members of a loop. One that throws, which is a bug of ours or want of memory, is closed
 * soon, so that each of its operations ends; it costs neither the other members nor the selector,
 * nor does the error reach whoever has just initiated something. All methods belong to the loop's
 * thread.
 */
final class MemberCalls {

    /** A member that threw, and what. */
    private record Failed(LoopMember member, Throwable thrown) {}

    private final ProcessorListener listener;

    // Members that threw and have not been closed yet.
    private final List<Failed> failed = new ArrayList<>(0);

    MemberCalls(ProcessorListener listener) {
        this.listener = listener;
    }

    /** Something is new. */
    void look(LoopMember member) {
        try {
            member.onCommand();
        } catch (Throwable thrown) {
            failed.add(new Failed(member, thrown));
        }
    }

    /** The selector found the channel ready. */
    void perform(LoopMember member, int readyOps) {
        try {
            member.onReady(readyOps);
        } catch (Throwable thrown) {
            failed.add(new Failed(member, thrown));
        }
    }

    /** Closes those that threw. Where nothing is half done, so not inside a handler. */
    void endFailed() {
        while (!failed.isEmpty()) {
            Failed first = failed.remove(0);
            listener.processorFailed(first.thrown);
            first.member.onFailure(first.thrown);
        }
    }
}
