package io.proactor;

import io.proactor.spi.CompletionSequence;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An order for handlers of several sockets and timers, and for tasks: those of one strand never
 * overlap, and run in the order in which their operations completed or they were posted. What one
 * handler of a strand wrote, the next one sees.
 *
 * <p>Threads: any. A strand has no thread of its own; whichever dispatcher thread is free runs it.
 */
public final class Strand implements Executor {

    private static final CompletionHandler<@Nullable Void, Runnable> RUN =
            new CompletionHandler<>() {
                @Override
                public void completed(@Nullable Void result, Runnable task) {
                    task.run();
                }

                @Override
                public void failed(Throwable cause, Runnable task) {
                    throw new AssertionError("a posted task does not fail", cause);
                }
            };

    private final Proactor proactor;
    private final CompletionSequence sequence;

    Strand(Proactor proactor, CompletionSequence sequence) {
        this.proactor = proactor;
        this.sequence = sequence;
    }

    /**
     * Queues a task behind what the strand has already. It never runs inside this call. A task that
     * throws is reported to the {@link ProactorListener}, and the strand goes on.
     *
     * @throws java.util.concurrent.RejectedExecutionException once the proactor is shut down
     */
    @Override
    public void execute(Runnable task) {
        post(null, Objects.requireNonNull(task, "task"), RUN);
    }

    /**
     * Runs a task at once if the caller is inside a handler or task of this strand, else queues it
     * as {@link #execute} does. What a task throws that is run at once, this method throws.
     */
    public void dispatch(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (runsOnCurrentThread()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /**
     * Queues a completion with a value of the application's behind what the strand has already.
     *
     * @throws java.util.concurrent.RejectedExecutionException once the proactor is shut down
     */
    public <V extends @Nullable Object, A extends @Nullable Object> void post(V value, A attachment,
            CompletionHandler<? super V, ? super A> handler) {
        sequence.enqueue(proactor.posts.newPost(value, attachment, handler));
    }

    /** Returns true if the caller is inside a handler or task of this strand. */
    public boolean runsOnCurrentThread() {
        return sequence.runsOnCurrentThread();
    }

    CompletionSequence sequence() {
        return sequence;
    }
}
