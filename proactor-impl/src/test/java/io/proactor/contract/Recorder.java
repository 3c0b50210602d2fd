package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The handler of one operation. It counts its calls, keeps what the first one was told, and lets a
 * test wait for it. {@link Bench} fails the test if any was called twice.
 *
 * @param <V> what the operation yields
 */
final class Recorder<V> implements CompletionHandler<V, Object> {

    /** A handler of posted values for tests that count by themselves; posts do not fail. */
    @FunctionalInterface
    interface Posted<V> extends CompletionHandler<V, Object> {
        void run(V value);

        @Override
        default void completed(V value, Object attachment) {
            run(value);
        }

        @Override
        default void failed(Throwable failure, Object attachment) {
            throw new AssertionError("A posted value cannot fail.", failure);
        }
    }

    private final Consumer<? super Recorder<V>> body;
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch called = new CountDownLatch(1);

    // Written by the first call, published by the latches.
    private V value;
    private Throwable cause;
    private Object attachment;
    private Thread thread;
    private StackTraceElement[] stack;
    private long calledNanos;

    /** Makes a recorder that runs {@code body} inside the handler, after recording. */
    Recorder(Consumer<? super Recorder<V>> body) {
        this.body = body;
    }

    @Override
    public void completed(V result, Object attached) {
        record(result, null, attached);
    }

    @Override
    public void failed(Throwable failure, Object attached) {
        record(null, failure, attached);
    }

    private void record(V result, Throwable failure, Object attached) {
        if (calls.incrementAndGet() == 1) {
            calledNanos = System.nanoTime();
            value = result;
            cause = failure;
            attachment = attached;
            thread = Thread.currentThread();
            stack = thread.getStackTrace();
            entered.countDown();
        }
        try {
            body.accept(this);
        } finally {
            called.countDown();
        }
    }

    /** Returns how often the handler has been called so far. */
    int calls() {
        return calls.get();
    }

    /** Waits until the handler is being called; its body may go on for long. */
    void awaitEntry() throws InterruptedException {
        assertThat(entered.await(Until.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the handler was called").isTrue();
    }

    /** As {@link #awaitEntry}; false if it does not come to that within so many milliseconds. */
    boolean enteredWithin(long millis) throws Exception {
        return Until.within(millis, () -> entered.getCount() == 0);
    }

    /** Returns true if the handler has been called. */
    boolean called() {
        return called.getCount() == 0;
    }

    /** Waits for the call; false if it does not come within so many milliseconds. */
    boolean calledWithin(long millis) throws Exception {
        return Until.within(millis, this::called);
    }

    /** Waits for the call, which must come within so many milliseconds. */
    Recorder<V> within(long millis) throws Exception {
        assertThat(calledWithin(millis)).as("called within %s ms", millis).isTrue();
        return this;
    }

    /** Waits for the call. */
    Recorder<V> await() throws InterruptedException {
        assertThat(called.await(Until.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the handler was called").isTrue();
        return this;
    }

    /** Waits for the call, which must be a success, and returns its value. */
    V value() throws InterruptedException {
        await();
        if (cause != null) {
            throw new AssertionError("The operation failed.", cause);
        }
        return value;
    }

    /** Does something with the value if the call is a success. For bodies, inside the handler. */
    void ifCompleted(Consumer<? super V> action) {
        if (cause == null) {
            action.accept(value);
        }
    }

    /** Waits for the call and returns why the operation failed; null if it succeeded. */
    Throwable cause() throws InterruptedException {
        await();
        return cause;
    }

    /** Waits for the call, which must be a failure of exactly this type, and returns it. */
    <T extends Throwable> T failure(Class<T> type) throws InterruptedException {
        await();
        assertThat(cause).as("the cause; the value was %s", value).isExactlyInstanceOf(type);
        return type.cast(cause);
    }

    /** Returns what the initiator attached. */
    Object attachment() throws InterruptedException {
        await();
        return attachment;
    }

    /** Returns the thread that the handler was called on. */
    Thread thread() throws InterruptedException {
        await();
        return thread;
    }

    /** Returns true if the handler has been called, on this thread. */
    boolean wasCalledBy(Thread caller) {
        return called() && thread == caller;
    }

    /** Returns the stack that the handler was called with. */
    List<StackTraceElement> stack() throws InterruptedException {
        await();
        return List.of(stack);
    }

    /** Returns the milliseconds from a moment of {@link System#nanoTime} to the call. */
    long millisSince(long nanos) throws InterruptedException {
        return TimeUnit.NANOSECONDS.toMillis(nanosSince(nanos));
    }

    /** Returns the nanoseconds from a moment of {@link System#nanoTime} to the call. */
    long nanosSince(long nanos) throws InterruptedException {
        await();
        return calledNanos - nanos;
    }
}
