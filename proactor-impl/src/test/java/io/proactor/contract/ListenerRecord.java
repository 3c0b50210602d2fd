package io.proactor.contract;

import io.proactor.Acceptor;
import io.proactor.PendingOperation;
import io.proactor.ProactorListener;
import java.time.Duration;
import java.util.List;
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
    private final BlockingQueue<List<PendingOperation>> heldUp = new LinkedBlockingQueue<>();
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
    public void shutdownHeldUp(Duration since, List<PendingOperation> pending) {
        heldUp.add(pending);
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

    /** Waits for a shutdown that is held up, and takes out what it is said to be held up by. */
    List<PendingOperation> takeHeldUp() throws InterruptedException {
        List<PendingOperation> first = heldUp.poll(Until.PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (first == null) {
            throw new AssertionError("No shutdown was reported to be held up.");
        }
        return first;
    }

    /** By what shutdowns were held up, and nobody has taken out. */
    BlockingQueue<List<PendingOperation>> heldUp() {
        return heldUp;
    }

    /** What broke threads of the processor. */
    BlockingQueue<Throwable> processorFailures() {
        return processorFailures;
    }
}
