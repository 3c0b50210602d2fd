package io.proactor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.ProactorListener;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Remembers what must not happen while a test runs. */
public final class Mishaps implements ProactorListener {

    private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();

    @Override
    public void handlerThrew(Throwable failure, long operationId, Object session) {
        thrown.add(failure);
    }

    @Override
    public void acceptFailed(Acceptor acceptor, Throwable failure, Duration pause) {
        thrown.add(failure);
    }

    @Override
    public void processorFailed(Throwable failure) {
        thrown.add(failure);
    }

    /** Fails the test if there were any. */
    public void assertNone() {
        assertThat(thrown).isEmpty();
    }
}
