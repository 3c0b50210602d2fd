package io.proactor.engine.uring;

import io.proactor.engine.event.Failures;
import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.TimerOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.TimerHandle;
import org.jspecify.annotations.Nullable;

/** A timer on a loop. It is a member of the loop only while a wait is pending. */
final class UringTimerHandle extends TimerHandle implements LoopMember, Timed {

    private final UringLoop loop;
    private final Membership membership;

    private volatile boolean closeRequested;  // true exactly from the first close; any thread
    private boolean waiting;                  // true exactly while a wait is known here; the loop's
    private boolean closed;                   // true exactly when the close is done; the loop's

    UringTimerHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            UringLoop loop) {
        super(context, sequence);
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
        if (closeRequested && !closed) {
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
        } else if (operation.deadlineNanos() - System.nanoTime() <= 0) {
            finish(operation, null);  // the wheel would take a tick to say so
        }
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (waiting) {
            advance(operation());
        }
    }

    @Override
    public void onDrain() {
        onCommand();
    }

    @Override
    public void onRingLost(Throwable cause) {
        onCommand();  // a timer has nothing in the ring
    }

    private void finish(TimerOperation operation, @Nullable Throwable cause) {
        waiting = false;
        loop.detach(membership);
        complete(operation, cause);
    }
}
