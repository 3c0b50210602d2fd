package io.proactor.engine.nio2;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.operation.TimerOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.TimerHandle;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * Initiation against the close of a handle and against the end of its proactor, under all schedules
 * of small programs: a handle, its count of what is unfinished, the serializer, the operation and
 * the counters at the gate are the real ones; that nothing but an abort or a close ends the
 * operation is the model's.
 *
 * <p>Each of these changes makes a test fail: a claim that does not compare and set the count of
 * what is unfinished, that takes a count of 0 for one that can be raised, or that does not lower it
 * again if the operation is in use; an abandoned initiation that does not; a lowering that reads
 * and stores; asking at the gate before counting; a refusal that is not counted, or is read after
 * what was asked; a close that leaves its message after the signal; a submission before the
 * operation is initiated.
 */
final class CloseModelTest {

    private static final int SCHEDULES = Schedules.of(300);

    /** A handle whose operation waits for its end. */
    private static final class Model extends TimerHandle
            implements Serializer.Member, CompletionDispatcher, CompletionHandler<Void, Object> {
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger terminations = new AtomicInteger();
        volatile boolean threadsGone;  // true exactly from when the processor has none any more
        private final Serializer serializer = new Serializer(this, Runnable::run);
        private final Queue<CompletionEvent> events = new ConcurrentLinkedQueue<>();
        private final HandlerRunner runner = new HandlerRunner((thrown, id, owner) -> {
            throw new AssertionError(thrown);
        });
        private volatile boolean closeRequested;
        private volatile int again;  // how often its handler initiates it once more
        private boolean closed;      // the holder's

        Model() {
            super(new ProcessorContext(1, null, 0, Thread::new, "model-",
                    new RecordingListener()), null);
            onTermination(() -> {
                require(terminations.incrementAndGet() == 1);
                require(context().operations().find(operation().id()) == null);
            });
        }

        /** What an initiating method does. False if the handle is closed, or the operation used. */
        boolean initiate() {
            if (!claim(operation())) {
                return false;
            }
            operation().prepareAt(0, null, this);
            initiate(operation());
            return true;
        }

        /** As a processor's terminate: when nothing is outstanding, its threads end. */
        void endIfNothingIsOutstanding() {
            if (context().counters().outstanding() == 0) {
                threadsGone = true;
            }
        }

        void dispatch() {
            CompletionEvent event = events.poll();
            while (event != null) {
                event.dispatch(runner);
                event = events.poll();
            }
        }

        void mustBeClosedAfter(int initiations) {
            dispatch();
            require(calls.get() == initiations);
            require(terminated());
            require(terminations.get() == 1);
            require(context().counters().outstanding() == 0);
            require(context().counters().snapshot().issued() == initiations);
        }

        @Override
        protected void submit(AsynchronousOperation operation) {
            require(!threadsGone);
            serializer.signal();
        }

        @Override
        public void onAbort(AsynchronousOperation operation) {
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
        public void onTurn() {
            TimerOperation operation = operation();
            // First: what is initiated behind this look brings another turn.
            boolean ends = closeRequested;
            if (operation.pending()) {
                AbortReason reason = operation.aborting();
                if (reason != null || ends) {
                    complete(operation, new Ended());
                }
            }
            if (ends && !closed) {
                closed = true;
                closed();
            }
        }

        @Override
        public void onFailure(Throwable thrown) {
            throw new AssertionError(thrown);
        }

        @Override
        protected CompletionDispatcher dispatcher() {
            return this;
        }

        @Override
        public void enqueue(CompletionEvent event) {
            events.add(event);
        }

        @Override
        public void completed(Void result, Object attachment) {
            throw new AssertionError("nothing completes it");
        }

        @Override
        public void failed(Throwable cause, Object attachment) {
            require(terminations.get() == 0);
            calls.incrementAndGet();
            if (again > 0) {
                again--;
                require(initiate());  // the handle cannot end before its handler has returned
            }
        }
    }

    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("", null, false, false);
        }
    }

    @Test
    void initiationThatRacesTheCloseEndsOnceOrFindsTheHandleClosed() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            Racer closer = Racer.start(model::close);
            boolean initiated = model.initiate();
            require(initiated || model.terminated());
            finish(closer);
            model.mustBeClosedAfter(initiated ? 1 : 0);
            require(!model.initiate());
        });
    }

    @Test
    void ofTwoInitiatorsThatRaceTheCloseEachLeadsToOneCallOrNone() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            boolean[] initiated = new boolean[2];
            Racer closer = Racer.start(model::close);
            Racer initiator = Racer.start(() -> initiated[0] = model.initiate());
            initiated[1] = model.initiate();
            finish(initiator);
            finish(closer);
            model.mustBeClosedAfter((initiated[0] ? 1 : 0) + (initiated[1] ? 1 : 0));
        });
    }

    @Test
    void initiationByTheHandlerOfAnOperationThatTheCloseEndsIsEndedToo() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            model.again = 1;
            require(model.initiate());
            long id = model.operation().id();
            Racer closer = Racer.start(model::close);
            model.operation().abort(id, AbortReason.CANCELLED);
            model.dispatch();
            finish(closer);
            model.mustBeClosedAfter(2);
        });
    }

    @Test
    void nothingPassesTheGateOnceAProcessorHasEnded() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            Racer end = Racer.start(() -> {
                model.context().refuse();
                model.endIfNothingIsOutstanding();
            });
            initiateOrBeRefused(model);
            finish(end);
            model.close();
            model.dispatch();
            require(model.terminated());
            require(model.context().counters().outstanding() == 0);
        });
    }

    @Test
    void whatIsRefusedAtTheGateHidesNothingThatIsOutstanding() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            require(model.initiate());
            model.context().refuse();
            boolean[] told = new boolean[1];
            Racer initiator = Racer.start(() -> told[0] = model.tell(null, null, model));
            require(model.context().counters().outstanding() > 0);
            finish(initiator);
            require(!told[0]);
        });
    }

    private static void initiateOrBeRefused(Model model) {
        try {
            model.initiate();
        } catch (RejectedExecutionException e) {
            require(model.calls.get() == 0);
        }
    }
}
