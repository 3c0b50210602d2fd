package io.proactor.engine.uring;

import java.util.List;
import java.util.Locale;

/** What a {@link ScriptedClient} can do next, and what must still be open for it. */
enum Step {
    READ_SOME(true, false),
    READ_EXACTLY(true, false),
    READ_WITH_SURPLUS(true, false),
    READ_UNTIL(true, false),
    READ_UNTIL_WITHOUT_END(true, false),
    READ_TIMES_OUT(true, false),
    READ_TIMES_OUT_MIDWAY(true, false),
    READ_CANCELLED(true, false),
    READ_CANCELLED_MIDWAY(true, false),
    SECOND_READ(true, false),
    RECEIVE(true, false),
    RECEIVE_CANCELLED(true, false),
    WAIT(true, false),
    WAIT_CANCELLED(true, false),
    WAIT_TIMES_OUT(true, false),
    PEER_ENDS(true, false),
    PEER_ENDS_MIDWAY(true, false),
    WRITE(false, true),
    WRITE_MANY(false, true),
    SEND_FILE(false, true),
    SEND_FILE_BEYOND_ITS_END(false, true),
    END_OUTPUT(false, true),
    ECHO(true, true),
    TIMER(false, false),
    TIMER_CANCELLED(false, false),
    PEER_RESETS(true, false),
    CLOSE(true, false),
    CLOSE_IDLE(false, false),
    DISCONNECT(false, true),
    DISCONNECT_TIMES_OUT(true, true),
    REFUSED_CONNECT(false, false);

    private static final List<Step> ALL = List.of(values());

    private final boolean reads;
    private final boolean writes;

    Step(boolean reads, boolean writes) {
        this.reads = reads;
        this.writes = writes;
    }

    /** Returns those that are possible, in an order that never changes. */
    static List<Step> possible(boolean readable, boolean writable) {
        return ALL.stream().filter(each -> (!each.reads || readable) && (!each.writes || writable))
                .toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
