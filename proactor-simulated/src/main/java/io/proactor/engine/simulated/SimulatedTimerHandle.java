package io.proactor.engine.simulated;

import io.proactor.engine.event.Failures;
import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.TimerOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.TimerHandle;
import org.jspecify.annotations.Nullable;

/** A timer on a loop. It is a member of the loop only while a wait is pending. */
final class SimulatedTimerHandle extends TimerHandle implements LoopMember, Timed {

    private final SimulatedLoop loop;
    private final Membership membership;
    private boolean closeRequested;  // true exactly from the first close
    private boolean waiting;         // true exactly while the loop knows of a wait
    private boolean closed;          // true exactly when the close is done

    SimulatedTimerHandle(SimulatedLoop loop, @Nullable CompletionSequence sequence) {
        super(loop.context(), sequence);
        this.loop = loop;
        membership = new Membership(loop, this);
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        membership.signal();
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        membership.signal();
    }

    @Override
    public void close() {
        if (!closeRequested) {
            closeRequested = true;
            membership.signal();
        }
    }

    @Override
    public boolean isOpen() {
        return !closeRequested;
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return loop.dispatcher();
    }

    @Override
    public void onCommand() {
        TimerOperation operation = operation();
        if (!waiting && operation.pending()) {
            waiting = true;
            loop.attach(membership);
            operation.arm(loop.deadlines().arm(this, operation, operation.deadlineNanos()));
        }
        if (waiting) {
            advance(operation);
        }
        if (closeRequested && !closed && !waiting) {
            closed = true;
            closed();
        }
    }

    private void advance(TimerOperation operation) {
        AbortReason reason = operation.aborting();
        if (reason != null) {
            finish(operation, Failures.aborted(reason, 0));
        } else if (loop.draining() || loop.aborting()) {
            finish(operation, Failures.aborted(AbortReason.SHUTDOWN, 0));
        } else if (closeRequested) {
            finish(operation, Failures.aborted(AbortReason.CLOSED, 0));
        } else if (operation.deadlineNanos() - loop.world().nanoTime() <= 0) {
            finish(operation, null);
        }
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (waiting) {
            advance(operation());
        }
    }

    private void finish(TimerOperation operation, @Nullable Throwable cause) {
        waiting = false;
        loop.detach(membership);
        complete(operation, cause);
    }

    @Override
    public void checkAtRest() {
        TimerOperation operation = operation();
        if (operation.aborting() != null || closeRequested) {
            throw new Violation("A timer was ended, and does not end: " + operation);
        }
    }
}
