package io.proactor.contract;

import io.proactor.Acceptor;
import io.proactor.ProactorListener;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what the library told its listener. A test takes out what it expects; nothing may stay. */
final class ListenerRecord implements ProactorListener {

    /** One call of {@link #handlerThrew}. */
    record Thrown(Throwable thrown, long operationId, Object session) {}

    /** One call of {@link #acceptFailed}. */
    record AcceptFailure(Acceptor acceptor, Throwable failure, Duration pause) {}

    /** One call of {@link #handlerSlow}. */
    record Slow(Thread thread, Duration atLeast, StackTraceElement[] stack) {}

    private final BlockingQueue<Thrown> thrown = new LinkedBlockingQueue<>();
    private final BlockingQueue<AcceptFailure> acceptFailures = new LinkedBlockingQueue<>();
    private final BlockingQueue<Slow> slow = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> processorFailures = new LinkedBlockingQueue<>();

    @Override
    public void handlerThrew(Throwable what, long operationId, Object session) {
        thrown.add(new Thrown(what, operationId, session));
    }

    @Override
    public void acceptFailed(Acceptor acceptor, Throwable failure, Duration pause) {
        acceptFailures.add(new AcceptFailure(acceptor, failure, pause));
    }

    @Override
    public void handlerSlow(Thread thread, Duration atLeast, StackTraceElement[] stack) {
        slow.add(new Slow(thread, atLeast, stack));
    }

    @Override
    public void processorFailed(Throwable failure) {
        processorFailures.add(failure);
    }

    /** Waits for a handler that throws, and takes the report out. */
    Thrown takeThrown() throws InterruptedException {
        Thrown first = thrown.poll(Until.PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (first == null) {
            throw new AssertionError("No handler was reported to have thrown.");
        }
        return first;
    }

    /** What handlers threw, and nobody has taken out. */
    BlockingQueue<Thrown> thrown() {
        return thrown;
    }

    /** What acceptors met. */
    BlockingQueue<AcceptFailure> acceptFailures() {
        return acceptFailures;
    }

    /** Which handlers took long. */
    BlockingQueue<Slow> slow() {
        return slow;
    }

    /** What broke threads of the processor. */
    BlockingQueue<Throwable> processorFailures() {
        return processorFailures;
    }
}
