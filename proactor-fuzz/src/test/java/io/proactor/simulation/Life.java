package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.StreamSocket;
import java.nio.channels.CompletionHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One operation: its handler is called once, after its initiation, with what it may come to. */
final class Life implements CompletionHandler<Object, Object> {

    /** On the socket that it belongs to; null for a timer or a post. */
    final @Nullable StreamSocket socket;

    private final Lives lives;
    private final long timeoutNanos;
    private final long startNanos;
    private final Consumer<Object> success;
    private final @Nullable Consumer<Throwable> failure;
    private long id;
    private boolean begun;
    private boolean refused;
    private boolean cancelled;  // true exactly if something may have cancelled it
    private int calls;

    Life(Lives lives, @Nullable StreamSocket socket, long timeoutNanos, Consumer<Object> success,
            @Nullable Consumer<Throwable> failure) {
        this.lives = lives;
        this.socket = socket;
        this.timeoutNanos = timeoutNanos;
        this.success = success;
        this.failure = failure;
        startNanos = lives.now();
    }

    void begun(long operationId) {
        assertThat(calls).as("calls inside of the initiation").isZero();
        id = operationId;
        begun = true;
    }

    void refused() {
        refused = true;
    }

    boolean over() {
        return calls > 0 || refused;
    }

    void mayBeCancelled() {
        cancelled = true;
    }

    /** What is over can be cancelled no more, whatever lives in its slot by now. */
    void cancel() {
        if (socket == null || id == 0) {
            return;  // it has no id, or one that does not tell of which proactor it is
        }
        boolean was = over();
        boolean first = socket.cancel(id);
        assertThat(first && was).as("an operation that is over was cancelled").isFalse();
        assertThat(socket.cancel(id)).as("cancelled twice").isFalse();
        cancelled |= first;
    }

    @Override
    public void completed(Object result, Object none) {
        called(() -> success.accept(result));
    }

    @Override
    public void failed(Throwable cause, Object none) {
        if (cause instanceof OperationCancelledException) {
            assertThat(cancelled).as("nobody has cancelled it").isTrue();
        } else if (cause instanceof OperationTimedOutException) {
            assertThat(timeoutNanos).as("it has no timeout").isPositive();
            assertThat(lives.now() - startNanos).isGreaterThanOrEqualTo(timeoutNanos);
        }
        called(() -> {
            if (failure != null) {
                failure.accept(cause);
            }
        });
    }

    private void called(Runnable body) {
        assertThat(begun).as("its initiation has returned").isTrue();
        assertThat(++calls).as("calls of its handler").isEqualTo(1);
        lives.inHandler(() -> {
            body.run();
            lives.perhapsMove();
        });
    }

    void check() {
        assertThat(calls).as("calls of a handler").isEqualTo(refused ? 0 : 1);
    }
}
