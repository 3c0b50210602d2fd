package io.proactor.engine.dispatch;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Gate;
import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The hand-over to an executor under the schedules of two threads that add events, as two loops do,
 * of the runs, and of the fallback's thread. Each event is run exactly once, and none is left
 * behind when all that was asked for is over; where tests do not wait for the end, nobody looks
 * again to find it. The executor has a thread for each task, and does something odd with one.
 *
 * <p>Each of these changes makes a test fail: asking before the event is added; no look at the
 * queue when a search is over, or only after one that found an event, or only after one that found
 * none, or just before the search is given up; a run that does not give up what was asked for, or
 * one too many that takes it from others; a refusal, or a task that runs at once, that moves no
 * event, moves one, leaves the state as it was, or changes it after its last look; an overflow from
 * which nothing is taken; a fallback's thread that is not made.
 *
 * <p>These change nothing that is promised here, and so no test notices: two that search at a time,
 * a run that goes on though it was refused (an event can be taken once only), and no look after the
 * last handler of a run's turn, which is for runs that were dropped ({@link RunBoundsTest}). The
 * checker takes memory to be sequentially consistent, so the fences are not tried.
 */
final class ExecutorDispatcherModelTest {

    private static final int SCHEDULES = Schedules.of(100);

    /** Of the test with one loop, in which an event can be missed at one place only. */
    private static final int SCHEDULES_OF_ONE_LOOP = Schedules.of(400);

    /** Of the test that waits for the end, in which each takes three times as long. */
    private static final int SCHEDULES_TO_THE_END = Schedules.of(30);

    /** No run is ever taken for lost, so no clock has a say in a schedule. */
    private static final long NEVER = Long.MAX_VALUE;

    /** What the executor does with a task. */
    private enum Way { RUNS, REFUSES, RUNS_AND_REFUSES, RUNS_AT_ONCE, DROPS }

    /** An executor with a thread for each task, but for one task, and events that are counted. */
    private static final class Model {
        private final DispatchBench bench = new DispatchBench(0, body -> new Racer(body));
        private final CompletionEventQueue queue = new CompletionEventQueue(2);
        private final List<Thread> runs = new CopyOnWriteArrayList<>();
        private final AtomicInteger tasks = new AtomicInteger();
        private final AtomicInteger[] calls;
        private final AtomicInteger dispatched = new AtomicInteger();
        private final int oddTask;
        private final Way oddWay;
        private final ExecutorDispatcher dispatcher;

        Model(int events, int handlersMax) {
            this(events, handlersMax, NEVER, -1, Way.RUNS);
        }

        Model(int events, int handlersMax, int oddTask, Way oddWay) {
            this(events, handlersMax, NEVER, oddTask, oddWay);
        }

        Model(int events, int handlersMax, long lostNanos, int oddTask, Way oddWay) {
            this.oddTask = oddTask;
            this.oddWay = oddWay;
            calls = new AtomicInteger[events];
            for (int i = 0; i < events; i++) {
                calls[i] = new AtomicInteger();
            }
            dispatcher = new ExecutorDispatcher(bench.context, this::execute, bench.watchdog,
                    queue, Search.NONE, new RunBounds(handlersMax, lostNanos));
            dispatcher.warnOfNothing();
        }

        private void execute(Runnable task) {
            Way way = tasks.getAndIncrement() == oddTask ? oddWay : Way.RUNS;
            if (way == Way.RUNS_AT_ONCE) {
                task.run();
            } else if (way == Way.RUNS || way == Way.RUNS_AND_REFUSES) {
                Racer run = new Racer(task);
                runs.add(run);
                run.start();
            }
            if (way == Way.REFUSES || way == Way.RUNS_AND_REFUSES) {
                throw new RejectedExecutionException();
            }
        }

        void add(int event) {
            add(event, () -> { });
        }

        void add(int event, Runnable body) {
            dispatcher.enqueue(new CompletionEvent() {
                @Override
                public void dispatch(HandlerRunner runner) {
                    calls[event].incrementAndGet();
                    body.run();
                    if (dispatched.incrementAndGet() == calls.length) {
                        dispatcher.end();
                    }
                }
            });
        }

        /** One loop adds an event, another one the rest. */
        void addFromTwoLoops() {
            Racer other = Racer.start(() -> add(0));
            for (int i = 1; i < calls.length; i++) {
                add(i);
            }
            finish(other);
        }

        /** All threads end, and so all events were dispatched: nobody needs to look again. */
        void mustEnd() {
            for (int i = 0; i < runs.size(); i++) {
                finish(runs.get(i));
            }
            for (Thread fallback : bench.threads) {
                finish(fallback);
            }
            mustBeDone();
        }

        void mustBeDone() {
            for (AtomicInteger called : calls) {
                require(called.get() == 1);
            }
            require(queue.isEmpty());
            require(!dispatcher.dispatching());
            require(bench.listener.failures.isEmpty());
        }
    }

    @Test
    void noEventIsForgottenWhileTheOnlyRunEnds() {
        Lincheck.runConcurrentTest(SCHEDULES_OF_ONE_LOOP, () -> {
            Model model = new Model(2, 64);
            model.add(0);
            model.add(1);
            model.mustEnd();
        });
    }

    private static void search(Supplier<Model> made) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = made.get();
            model.addFromTwoLoops();
            model.mustEnd();
        });
    }

    @Test
    void eventsOfTwoLoopsAreRunOnceEach() {
        search(() -> new Model(2, 64));
    }

    @Test
    void eventsThatOverflowAreRunOnceEach() {
        search(() -> new Model(4, 64));
    }

    @Test
    void noEventIsForgottenWhereEachRunHasOneTurn() {
        search(() -> new Model(3, 1));
    }

    @Test
    void noEventOfAnotherLoopWaitsBehindAHandlerThatBlocks() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Model model = new Model(2, 64);
            Gate gate = new Gate();
            Racer other = Racer.start(() -> model.add(0, gate::open));
            model.add(1, gate::pass);
            finish(other);
            model.mustEnd();
        });
    }

    @Test
    void aRefusedRunLeavesNothingBehind() {
        search(() -> new Model(2, 64, 0, Way.REFUSES));
    }

    @Test
    void aRunThatIsRefusedInsideARunLeavesNothingBehind() {
        search(() -> new Model(3, 1, 1, Way.REFUSES));
    }

    @Test
    void aRunThatIsRefusedAndBeginsAllTheSameLosesNothing() {
        search(() -> new Model(2, 64, 0, Way.RUNS_AND_REFUSES));
    }

    @Test
    void aRunAtOnceLeavesNothingBehind() {
        search(() -> new Model(2, 64, 0, Way.RUNS_AT_ONCE));
    }

    @Test
    void runsTooManyDoNoHarm() {
        search(() -> new Model(3, 64, -1, -1, Way.RUNS));
    }

    @Test
    void whatADroppedRunLeavesBehindIsDoneBeforeTheEnd() {
        Lincheck.runConcurrentTest(SCHEDULES_TO_THE_END, () -> {
            Model model = new Model(2, 64, -1, 0, Way.DROPS);
            model.addFromTwoLoops();
            try {
                require(model.dispatcher.terminate(NEVER));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            model.mustBeDone();
        });
    }
}
