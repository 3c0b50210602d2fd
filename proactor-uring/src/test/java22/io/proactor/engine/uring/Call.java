package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.OperationFailure;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The handler of one operation: counts its calls, and lets a test wait for the first.
 *
 * @param <V> what the operation yields
 */
final class Call<V extends @Nullable Object>
        implements CompletionHandler<V, @Nullable Object> {

    private static final long PATIENCE_SECONDS = 20;

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch called = new CountDownLatch(1);

    // Written by the first call, published by the latch.
    private @Nullable V value;
    private @Nullable Throwable cause;

    @Override
    public void completed(V result, @Nullable Object attachment) {
        record(result, null);
    }

    @Override
    public void failed(Throwable failure, @Nullable Object attachment) {
        record(null, failure);
    }

    private void record(@Nullable V result, @Nullable Throwable failure) {
        if (calls.incrementAndGet() == 1) {
            value = result;
            cause = failure;
            called.countDown();
        }
    }

    int calls() {
        return calls.get();
    }

    boolean called() {
        return called.getCount() == 0;
    }

    Call<V> await() throws InterruptedException {
        assertThat(called.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the handler was called").isTrue();
        return this;
    }

    /** Waits for a success, and returns its value. */
    V value() throws InterruptedException {
        await();
        if (cause != null) {
            throw new AssertionError("The operation failed.", cause);
        }
        return value;
    }

    /** Waits for the end, and returns why it failed; null if it did not. */
    @Nullable Throwable cause() throws InterruptedException {
        await();
        return cause;
    }

    /** Waits for a failure of exactly this type. */
    <T extends Throwable> T failure(Class<T> type) throws InterruptedException {
        await();
        assertThat(cause).as("the cause; the value was %s", value).isExactlyInstanceOf(type);
        return type.cast(cause);
    }

    /** Waits for the end, and returns how many bytes were moved by then, in either case. */
    int moved() throws InterruptedException {
        await();
        if (cause == null && value instanceof Number number) {
            return Math.max(0, number.intValue());
        }
        return cause instanceof OperationFailure failure ? (int) failure.bytesMoved() : 0;
    }
}
