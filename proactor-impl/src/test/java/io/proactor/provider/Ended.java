package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that keeps what it was told, and by whom. */
class Ended<V> implements CompletionHandler<V, Object> {

    /** Long enough for a busy machine; a promise that is kept costs none of it. */
    static final long PATIENCE_SECONDS = 20;

    private final CountDownLatch called = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private volatile V value;
    private volatile Throwable failure;
    private volatile Object attachment;
    private volatile Thread thread;

    @Override
    public void completed(V value, Object attachment) {
        this.value = value;
        end(attachment);
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
        this.failure = failure;
        end(attachment);
    }

    private void end(Object attachment) {
        this.attachment = attachment;
        thread = Thread.currentThread();
        calls.incrementAndGet();
        called.countDown();
    }

    private void await() throws InterruptedException {
        assertThat(called.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("the handler is called")
                .isTrue();
        assertThat(calls.get()).as("calls of the handler").isEqualTo(1);
    }

    V value() throws InterruptedException {
        await();
        if (failure != null) {
            throw new AssertionError("the operation failed", failure);
        }
        return value;
    }

    Throwable failure() throws InterruptedException {
        await();
        assertThat(failure).as("the failure, in place of the value " + value).isNotNull();
        return failure;
    }

    Throwable failureOrNull() throws InterruptedException {
        await();
        return failure;
    }

    Object attachment() throws InterruptedException {
        await();
        return attachment;
    }

    Thread thread() throws InterruptedException {
        await();
        return thread;
    }

    boolean hasEnded() {
        return called.getCount() == 0;
    }
}
