package io.proactor.engine.nio2;

import io.proactor.operation.OperationOwner;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. */
final class RecordingListener implements ProcessorListener {

    final List<Throwable> thrown = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final List<Throwable> acceptFailures = new CopyOnWriteArrayList<>();

    @Override
    public void handlerThrew(Throwable thrown, long operationId, OperationOwner owner) {
        this.thrown.add(thrown);
    }

    @Override
    public void acceptFailed(ListenHandle listener, Throwable failure, long pauseNanos) {
        acceptFailures.add(failure);
    }

    @Override
    public void handlerSlow(Thread thread, long nanos) {
        throw new AssertionError("no handler is watched here");
    }

    @Override
    public void processorFailed(Throwable failure) {
        failures.add(failure);
    }
}
