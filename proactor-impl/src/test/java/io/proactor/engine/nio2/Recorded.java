package io.proactor.engine.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The handler of one operation, with the operation's id. */
final class Recorded<V> implements CompletionHandler<V, @Nullable Void> {

    private static final long PATIENCE_SECONDS = 20;

    long id;

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch called = new CountDownLatch(1);
    private volatile V value;
    private volatile Throwable cause;

    @Override
    public void completed(V result, @Nullable Void attachment) {
        value = result;
        calls.incrementAndGet();
        called.countDown();
    }

    @Override
    public void failed(Throwable failure, @Nullable Void attachment) {
        cause = failure;
        calls.incrementAndGet();
        called.countDown();
    }

    int calls() {
        return calls.get();
    }

    boolean calledWithin(long millis) throws InterruptedException {
        return called.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for the call; null if it was a success. */
    Throwable cause() throws InterruptedException {
        assertThat(called.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("called").isTrue();
        return cause;
    }

    /** Waits for the call, which must be a success. */
    V value() throws InterruptedException {
        if (cause() != null) {
            throw new AssertionError("the operation failed", cause);
        }
        return value;
    }

    /** Waits for the call, which must be a failure of this type. */
    <T extends Throwable> T failure(Class<T> type) throws InterruptedException {
        assertThat(cause()).isExactlyInstanceOf(type);
        return type.cast(cause);
    }
}
