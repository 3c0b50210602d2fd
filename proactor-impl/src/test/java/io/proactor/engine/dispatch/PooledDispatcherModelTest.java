package io.proactor.engine.dispatch;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Gate;
import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The idle protocol of the pooled dispatcher under the schedules of its threads and of those who
 * add events. An event that nobody is woken for leaves the test waiting for ever, which the model
 * checker reports as a deadlock.
 *
 * <p>Each of these changes makes a test fail: waking before the event is added; no look at the
 * queue after parking, after the search is over, or after the permit was lent; a search that is not
 * called off by parking, or by finding; no thread that stands in for one that blocks. {@link
 * PermitsTest} notices what makes too many threads run.
 */
final class PooledDispatcherModelTest {

    private static final int SCHEDULES = Schedules.of(80);

    /** Of the smallest test: nearly all that there are. */
    private static final int SCHEDULES_OF_ONE_THREAD = Schedules.of(300);

    /** A dispatcher that does not spin, with handlers that check the concurrency. */
    private static final class Model {
        private final DispatchBench bench = new DispatchBench(0, body -> new Racer(body));
        private final int concurrency;
        private final int events;
        private final PooledDispatcher dispatcher;
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger dispatched = new AtomicInteger();

        Model(int concurrency, int events) {
            this(concurrency, events, concurrency + 1);
        }

        Model(int concurrency, int events, int threadsMax) {
            this.concurrency = concurrency;
            this.events = events;
            dispatcher = new PooledDispatcher(bench.context, concurrency, threadsMax,
                    bench.watchdog, new CompletionEventQueue(2), Search.NONE);
        }

        void add() {
            add(() -> { });
        }

        void add(Runnable body) {
            dispatcher.enqueue(new CompletionEvent() {
                @Override
                public void dispatch(HandlerRunner runner) {
                    require(running.incrementAndGet() <= concurrency);
                    body.run();
                    running.decrementAndGet();
                    dispatched();
                }
            });
        }

        void addThatBlocks(Gate gate) {
            dispatcher.enqueue(new CompletionEvent() {
                @Override
                public void dispatch(HandlerRunner runner) {
                    try {
                        dispatcher.blocking(() -> {
                            gate.pass();
                            return null;
                        });
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    dispatched();
                }
            });
        }

        private void dispatched() {
            if (dispatched.incrementAndGet() == events) {
                dispatcher.end();
            }
        }

        /** All threads end, which they do when all events were dispatched. */
        void mustEnd() {
            for (Thread thread : bench.threads) {
                finish(thread);
            }
            require(dispatched.get() == events);
            require(bench.listener.failures.isEmpty());
        }
    }

    @Test
    void noEventIsForgottenWhileTheOnlyThreadGoesToPark() {
        Lincheck.runConcurrentTest(SCHEDULES_OF_ONE_THREAD, () -> {
            Model model = new Model(1, 2);
            model.add();
            model.add();
            model.mustEnd();
        });
    }

    @Test
    void theThreadThatWasWokenSeesToTheEventsBehindItsOwn() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model(2, 2);
            Gate second = new Gate();
            model.add(second::pass);
            model.add(second::open);
            model.mustEnd();
        });
    }

    @Test
    void whoeverBlocksIsStoodInForAndComesBack() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model(1, 3);
            Gate second = new Gate();
            model.addThatBlocks(second);
            model.add(second::open);
            model.add();
            model.mustEnd();
        });
    }

    @Test
    void noEventIsForgottenAtTheBoundOfTheThreads() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model(1, 2, 1);
            Gate outside = new Gate();
            model.addThatBlocks(outside);
            model.add();
            outside.open();
            model.mustEnd();
        });
    }
}
