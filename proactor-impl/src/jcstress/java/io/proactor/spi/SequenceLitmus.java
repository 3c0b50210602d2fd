package io.proactor.spi;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads that add to a sequence and dispatch it. What one of its handlers wrote without any
 * protection, the next one sees, whichever threads they run on; and none is lost.
 *
 * <p>Letting go with a store instead of a compare-and-set makes it fail.
 */
@JCStressTest
@Outcome(id = "4, 0", expect = Expect.ACCEPTABLE, desc = "each saw what the one before wrote")
@Outcome(expect = Expect.FORBIDDEN, desc = "an event was lost, or two ran at the same time")
@State
public class SequenceLitmus implements CompletionDispatcher {

    private final Queue<CompletionEvent> events = new ConcurrentLinkedQueue<>();
    private final CompletionSequence sequence;
    private int count;   // the handlers'
    private int inside;  // likewise
    private int overlaps;

    @SuppressWarnings("this-escape")  // to a sequence that nobody else knows
    public SequenceLitmus() {
        sequence = new CompletionSequence(this);
    }

    @Override
    public void enqueue(CompletionEvent event) {
        events.add(event);
    }

    private void addAndDispatch() {
        sequence.enqueue(new Handler());
        sequence.enqueue(new Handler());
        dispatch();
    }

    private void dispatch() {
        for (CompletionEvent event = events.poll(); event != null; event = events.poll()) {
            event.dispatch(null);
        }
    }

    /** Its writes are plain. */
    private final class Handler extends CompletionEvent {
        @Override
        public void dispatch(HandlerRunner runner) {
            if (inside++ != 0) {
                overlaps++;
            }
            count++;
            inside--;
        }
    }

    @Actor
    public void one() {
        addAndDispatch();
    }

    @Actor
    public void another() {
        addAndDispatch();
    }

    @Arbiter
    public void afterwards(II_Result result) {
        dispatch();
        result.r1 = count;
        result.r2 = overlaps;
    }
}
