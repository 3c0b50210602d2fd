package io.proactor;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Bridges from operations to other styles: any operation of a proactor as a call that waits, or as
 * a stage.
 *
 * <pre>{@code
 * Completions completions = Completions.of(proactor);
 * int count = completions.await(h -> socket.read(buffer, null, h));
 * }</pre>
 *
 * <p>The initiation is given the handler {@code h} that it must initiate exactly one operation of
 * the proactor with; the id that it returns is what is cancelled. What it throws, misuse or
 * refusal, reaches the caller at once, and no operation is pending then. Where the compiler cannot
 * see what the operation yields, inside an expression for instance, it is told: {@code
 * completions.<Integer>stage(h -> ...)}.
 *
 * <p>Threads: every method may be called by any thread but those that run handlers, unless it says
 * otherwise.
 */
public final class Completions {

    private final Proactor proactor;

    private Completions(Proactor proactor) {
        this.proactor = proactor;
    }

    /** Returns the bridges of the operations of {@code proactor}. */
    public static Completions of(Proactor proactor) {
        return new Completions(Objects.requireNonNull(proactor, "proactor"));
    }

    /**
     * Initiates an operation and waits for it: a virtual thread parks, any other one blocks.
     *
     * <p>Interruption cancels this operation and nothing else; the connection stays usable. The
     * call goes on to wait until the operation has ended, because its buffer is the processor's
     * until then, and returns or throws what came of it with the interrupt flag set again:
     * {@link OperationCancelledException} with the bytes moved, or the result if the operation had
     * in fact succeeded. So no byte and no connection is lost.
     *
     * <p>Failure: what the operation fails with, with the stack of this call.
     *
     * @throws IllegalStateException if the caller is a handler of the proactor, which would keep
     *     the thread or the order that the operation's own handler needs. Do such work on a thread
     *     of its own
     */
    public <V extends @Nullable Object> V await(Initiation<V> initiation) throws IOException {
        refuseHandlers();
        ParkedThread<V> parked = new ParkedThread<>(proactor.environment());
        long id = initiation.initiate(parked);
        return parked.await(() -> proactor.cancel(id));
    }

    /** As {@link #await}, for a composed operation. */
    public <V extends @Nullable Object> V awaitComposed(ComposedInitiation<V> initiation)
            throws IOException {
        refuseHandlers();
        ParkedThread<V> parked = new ParkedThread<>(proactor.environment());
        return parked.await(initiation.initiate(parked));
    }

    /**
     * Initiates an operation and returns it as a stage. Any thread, a handler's too. What depends
     * on the stage runs on a dispatcher thread, as handlers do, unless it names an executor.
     *
     * <p>{@link CompletableFuture#cancel} of the stage cancels this operation and nothing else, and
     * returns whether it was pending. The stage completes when the operation has ended, because its
     * buffer is the processor's until then, and as the operation did: with
     * {@link OperationCancelledException} and the bytes moved, or with the result if the operation
     * had in fact succeeded. A stage that is completed by other means, such as {@code orTimeout},
     * leaves the operation pending; give the operation itself a timeout.
     */
    public <V extends @Nullable Object> CompletableFuture<V> stage(Initiation<V> initiation) {
        OperationStage<V> stage = new OperationStage<>();
        long id = initiation.initiate(stage);
        stage.initiated(() -> proactor.cancel(id));
        return stage;
    }

    /** As {@link #stage}, for a composed operation. */
    public <V extends @Nullable Object> CompletableFuture<V> stageComposed(
            ComposedInitiation<V> initiation) {
        OperationStage<V> stage = new OperationStage<>();
        stage.initiated(initiation.initiate(stage));
        return stage;
    }

    /** A wait for the end that is over at once refuses exactly those that must not wait here. */
    private void refuseHandlers() {
        if (proactor.dispatchesOnCurrentThread()) {
            throw new IllegalStateException("A handler cannot wait for an operation.");
        }
    }
}
