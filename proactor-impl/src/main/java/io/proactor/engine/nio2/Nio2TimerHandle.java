package io.proactor.engine.nio2;

import io.proactor.engine.event.Failures;
import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.TimerOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.TimerHandle;
import org.jspecify.annotations.Nullable;

/** A timer: one deadline of the clock. */
final class Nio2TimerHandle extends TimerHandle implements Serializer.Member, Timed {

    private final Nio2Processor processor;
    private final Serializer serializer;

    private volatile boolean closeRequested;  // true exactly from the first close; any thread

    // The holder's.
    private boolean waiting;  // true exactly while a wait is known here
    private boolean closed;   // true exactly when the close is done

    Nio2TimerHandle(Nio2Processor processor) {
        super(processor.context(), new CompletionSequence(processor.dispatcher()));
        this.processor = processor;
        serializer = new Serializer(this, processor.clock());
    }

    /** Once: the processor is to know the handle, to end it with itself. */
    void start() {
        processor.handles().register(serializer);
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        serializer.signal();
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        serializer.signal();
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        serializer.signal();
    }

    @Override
    public void close() {
        if (!closeRequested) {
            closeRequested = true;
            serializer.signal();
        }
    }

    @Override
    public boolean isOpen() {
        return !closeRequested;
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return processor.dispatcher();
    }

    // ---- The holder ---------------------------------------------------------------------------

    @Override
    public void onTurn() {
        TimerOperation operation = operation();
        boolean fresh = !waiting && operation.pending();
        if (waiting || fresh) {
            waiting = true;
            advance(operation, fresh);
        }
        if (processor.handles().aborting()) {
            closeRequested = true;
        }
        if (closeRequested && !waiting && !closed) {
            closed = true;
            processor.handles().unregister(serializer);
            closed();
        }
    }

    private void advance(TimerOperation operation, boolean fresh) {
        AbortReason reason = operation.aborting();
        if (reason == null && (processor.handles().draining() || processor.handles().aborting())) {
            reason = AbortReason.SHUTDOWN;
        }
        if (reason == null && closeRequested) {
            reason = AbortReason.CLOSED;
        }
        if (reason != null) {
            finish(operation, Failures.aborted(reason, 0));
        } else if (operation.deadlineNanos() - System.nanoTime() <= 0) {
            finish(operation, null);
        } else if (fresh) {
            operation.arm(processor.clock().arm(this, operation, operation.deadlineNanos()));
        }
    }

    private void finish(TimerOperation operation, @Nullable Throwable cause) {
        waiting = false;
        complete(operation, cause);
    }

    @Override
    public void onFailure(Throwable thrown) {
        context().listener().processorFailed(thrown);
        close();
    }
}
