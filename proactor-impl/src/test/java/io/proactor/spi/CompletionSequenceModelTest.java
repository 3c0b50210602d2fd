package io.proactor.spi;

import static io.proactor.model.Racer.finish;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * A sequence under the schedules of two threads that add events and dispatch what there is.
 *
 * <p>Each of these changes makes a test fail: letting go, or adding, with a store instead of a
 * compare-and-set; taking with a read and a store; letting go without a look whether an event
 * came; handing out a sequence that is held; taking the latest event first.
 */
final class CompletionSequenceModelTest {

    private static final int SCHEDULES = Schedules.of(200);

    /** Whoever calls drain is a dispatcher thread; its queue is the JDK's, and not under test. */
    private static final class Model implements CompletionDispatcher {
        final CompletionSequence sequence = new CompletionSequence(this);
        final AtomicInteger inside = new AtomicInteger();
        final Queue<String> order = new ConcurrentLinkedQueue<>();
        private final Queue<CompletionEvent> events = new ConcurrentLinkedQueue<>();
        private int unguarded;  // written by the events only, so guarded by the sequence

        @Override
        public void enqueue(CompletionEvent event) {
            events.add(event);
        }

        void add(String name) {
            sequence.enqueue(new CompletionEvent() {
                @Override
                public void dispatch(HandlerRunner runner) {
                    require(inside.incrementAndGet() == 1, "two handlers at a time");
                    require(sequence.runsOnCurrentThread(), "the holder does not know itself");
                    unguarded++;
                    order.add(name);
                    inside.decrementAndGet();
                }
            });
        }

        void drain() {
            CompletionEvent event = events.poll();
            while (event != null) {
                event.dispatch(null);
                event = events.poll();
            }
        }

        void mustHaveDispatched(int count) {
            drain();
            require(order.size() == count, "an event is lost or came twice: " + order);
            require(unguarded == count, "what one handler wrote, the next did not see");
            require(!sequence.runsOnCurrentThread(), "nobody runs it");
        }

        void mustHaveOrder(String... names) {
            List<String> of = new ArrayList<>(order);
            of.retainAll(List.of(names));
            require(of.equals(List.of(names)), "out of order: " + order);
        }
    }

    @Test
    void anEventThatComesWhileTheSequenceIsLetGoIsDispatched() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            model.add("a1");
            Racer other = Racer.start(() -> model.add("b1"));
            model.drain();
            finish(other);
            model.mustHaveDispatched(2);
            model.mustHaveOrder("a1", "b1");
        });
    }

    @Test
    void ofTwoProducersNoneLosesAnEventOrItsOrder() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            Racer other = Racer.start(() -> model.add("b1"));
            model.add("a1");
            model.add("a2");
            finish(other);
            model.mustHaveDispatched(3);
            model.mustHaveOrder("a1", "a2");
        });
    }

    @Test
    void noTwoThreadsHoldTheSequence() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model();
            model.add("a1");
            Racer other = Racer.start(() -> {
                model.add("b1");
                model.drain();
            });
            model.drain();
            finish(other);
            model.mustHaveDispatched(2);
            model.mustHaveOrder("a1", "b1");
        });
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
