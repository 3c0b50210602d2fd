package io.proactor.engine.dispatch;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.Outcome;
import io.proactor.operation.PostOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ProcessorContext;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a dispatcher needs around it, and posted values to feed it with. */
final class DispatchBench {

    /** For what must happen: long enough for a machine that is busy with something else. */
    static final long PATIENCE_SECONDS = 30;

    private static final OperationOwner NOBODY = new OperationOwner() {
        @Override
        public void onAbort(AsynchronousOperation operation) {
            throw new AssertionError("a posted value is never pending");
        }

        @Override
        public void onRetire(AsynchronousOperation operation, Outcome outcome) {
            // Nobody counts here.
        }

        @Override
        public void onHandled(Kind kind) {
            // Nor here.
        }
    };

    private static final CompletionHandler<Object, Runnable> RUN = new CompletionHandler<>() {
        @Override
        public void completed(Object result, Runnable body) {
            body.run();
        }

        @Override
        public void failed(Throwable cause, Runnable body) {
            throw new AssertionError("a posted value does not fail", cause);
        }
    };

    final RecordingListener listener = new RecordingListener();
    final List<Thread> threads = new CopyOnWriteArrayList<>();  // all that were made
    final ProcessorContext context;
    final Watchdog watchdog;

    /** With a watchdog that watches nothing. */
    DispatchBench() {
        this(0, Thread::new);
    }

    DispatchBench(long slowHandlerNanos, ThreadFactory factory) {
        context = new ProcessorContext(1, null, slowHandlerNanos, body -> {
            Thread thread = factory.newThread(body);
            if (thread != null) {
                thread.setDaemon(true);  // a test that fails must not keep the JVM
                threads.add(thread);
            }
            return thread;
        }, "test-", listener);
        watchdog = new Watchdog(context);
    }

    /** Queues a completion whose handler is {@code body}. */
    static void post(CompletionDispatcher dispatcher, Runnable body) {
        dispatcher.enqueue(PostOperation.completed(NOBODY, null, body, RUN));
    }

    /** Ends a dispatcher and its watchdog, which must be possible. */
    void end(RunningDispatcher dispatcher) throws InterruptedException {
        if (!dispatcher.terminate(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS))) {
            throw new AssertionError("the dispatcher does not end");
        }
        if (!watchdog.terminate(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS))) {
            throw new AssertionError("the watchdog does not end");
        }
    }

    /** Waits until something is true that no event announces. */
    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it does not come true");
            }
            Thread.yield();
        }
    }
}
