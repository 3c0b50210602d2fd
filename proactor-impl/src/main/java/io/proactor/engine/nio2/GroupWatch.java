package io.proactor.engine.nio2;

import io.proactor.engine.event.Timed;
import io.proactor.operation.AsynchronousOperation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the group has died. If the system refuses to wait for events, the JDK prints the
 * stack and lets the thread end, and nobody is told (sun.nio.ch.EPollPort.EventHandlerTask.run);
 * without the last thread, no call ever comes back. So the group is asked for an echo from time to
 * time.
 *
 * <p>Threads: the clock's, but for the echo.
 */
final class GroupWatch implements Timed {

    /** Between two looks. An idle group wakes once for each, if there are handles. */
    static final long LOOK_NANOS = 1_000_000_000L;

    /**
     * Looks in a row at which the echo was missing. Threads of the group never wait for anything
     * but events, so five seconds are long; and they are counted in looks because a machine that
     * was stopped for an hour has looked once.
     */
    private static final int MISSED_MAX = 5;

    private final Nio2Processor processor;
    private final long lookNanos;
    private volatile boolean answered = true;  // true exactly unless an echo is awaited
    private int missed;

    GroupWatch(Nio2Processor processor, long lookNanos) {
        this.processor = processor;
        this.lookNanos = lookNanos;
    }

    void start() {
        processor.clock().arm(this, null, System.nanoTime() + lookNanos);
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (processor.handles().size() > 0) {
            look();
        }
        if (processor.handles().failure() == null) {
            start();
        }
    }

    private void look() {
        if (answered) {
            missed = 0;
            answered = false;
            processor.pass(() -> answered = true);
        } else if (++missed == MISSED_MAX) {
            processor.fail(new IOException(
                    "The threads of the asynchronous channel group do not answer any more."));
        }
    }
}
