package io.proactor;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The runs of two pipes as one operation, which is over when both are. */
final class PipePair<A extends @Nullable Object> implements ComposedOperation {

    private final A attachment;
    private final CompletionHandler<? super Pipe.Moved, ? super A> handler;

    // Guarded by this, which is not held while a handler runs.
    private @Nullable ComposedOperation forth;  // not null from when the run has been initiated
    private @Nullable ComposedOperation back;
    private long forthMoved;
    private long backMoved;
    private int running;                  // runs whose handler has not been called
    private @Nullable Throwable cause;    // the first failure
    private boolean cancelled;            // true exactly from the first cancel by the application

    PipePair(A attachment, CompletionHandler<? super Pipe.Moved, ? super A> handler) {
        this.attachment = attachment;
        this.handler = handler;
    }

    /** The initiator. If the second run cannot begin, the first is undone, and nobody told. */
    ComposedOperation begin(Pipe there, Pipe andBack, long timeout, TimeUnit unit) {
        synchronized (this) {
            running = 2;
        }
        ComposedOperation first = there.start(timeout, unit, null, new Run(there, true));
        boolean begun = false;
        try {
            ComposedOperation second =
                    andBack.start(timeout, unit, null, new Run(andBack, false));
            begun = true;
            begun(first, second);
            return this;
        } finally {
            if (!begun) {
                first.cancel();  // one run is missing, so the pair will never be over
            }
        }
    }

    /** The first run may have failed before the second could be cancelled for it. */
    private void begun(ComposedOperation first, ComposedOperation second) {
        Throwable failure;
        synchronized (this) {
            forth = first;
            back = second;
            failure = cause;
        }
        if (failure != null) {
            cancelOther(failure);
        }
    }

    private void cancelOther(Throwable failure) {
        // In a drain a run ends when it has nothing to do; the other may still have something.
        if (!(failure instanceof ProactorShutdownException)) {
            cancelRuns();
        }
    }

    /** Cancels the runs that are not over. Returns false if none were pending. */
    private boolean cancelRuns() {
        ComposedOperation first;
        ComposedOperation second;
        synchronized (this) {
            first = forth;
            second = back;
        }
        boolean firstPending = first != null && first.cancel();
        boolean secondPending = second != null && second.cancel();
        return firstPending || secondPending;
    }

    @Override
    public boolean cancel() {
        synchronized (this) {
            if (cancelled || running == 0) {
                return false;
            }
            cancelled = true;
        }
        return cancelRuns();
    }

    private void ended(boolean isForth, long moved, @Nullable Throwable failure) {
        boolean over;
        Throwable first;
        synchronized (this) {
            forthMoved = isForth ? moved : forthMoved;
            backMoved = isForth ? backMoved : moved;
            cause = cause == null ? failure : cause;
            first = cause;
            over = --running == 0;
        }
        if (over) {
            tell(first);
        } else if (failure != null) {
            cancelOther(failure);
        }
    }

    /** Both runs are over, so nothing changes any more. */
    private void tell(@Nullable Throwable failure) {
        if (failure == null) {
            handler.completed(new Pipe.Moved(forthMoved, backMoved), attachment);
        } else {
            handler.failed(Recounted.of(failure, forthMoved + backMoved), attachment);
        }
    }

    /** The handler of one of the runs. */
    private final class Run implements CompletionHandler<Long, @Nullable Void> {
        private final Pipe pipe;
        private final boolean isForth;
        private final long movedBefore;

        Run(Pipe pipe, boolean isForth) {
            this.pipe = pipe;
            this.isForth = isForth;
            movedBefore = pipe.bytesMoved();
        }

        @Override
        public void completed(Long count, @Nullable Void nothing) {
            ended(isForth, count, null);
        }

        @Override
        public void failed(Throwable failure, @Nullable Void nothing) {
            // Not every failure counts bytes; the pipe does.
            ended(isForth, pipe.bytesMoved() - movedBefore, failure);
        }
    }
}
