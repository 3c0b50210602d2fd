package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorStatistics;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Holds what a test has opened, and at its end gives it back and asks whether the library has given
 * back all that it took: operations, slots, threads and descriptors.
 */
final class Settlement {

    private final Set<String> descriptorsBefore;
    private final Deque<AutoCloseable> resources = new ConcurrentLinkedDeque<>();
    private final Queue<Recorder<?>> recorders = new ConcurrentLinkedQueue<>();
    private final Queue<Proactor> proactors = new ConcurrentLinkedQueue<>();
    private final Queue<Acceptor> acceptors = new ConcurrentLinkedQueue<>();
    private final Queue<CountDownLatch> gates = new ConcurrentLinkedQueue<>();

    // True from the moment at which the test is over.
    private volatile boolean settling;

    Settlement() throws IOException {
        descriptorsBefore = Descriptors.list();
    }

    Proactor add(Proactor proactor) {
        proactors.add(proactor);
        return proactor;
    }

    Acceptor add(Acceptor acceptor) {
        acceptors.add(acceptor);
        addResource(acceptor);
        return acceptor;
    }

    <V> Recorder<V> add(Recorder<V> recorder) {
        recorders.add(recorder);
        return recorder;
    }

    /** A handler that comes late may still bring something, which is then closed at once. */
    void addResource(AutoCloseable resource) {
        resources.push(resource);
        if (settling) {
            close(resource);
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new AssertionError("What a test opened could not be closed.", e);
        }
    }

    CountDownLatch addGate(CountDownLatch gate) {
        gates.add(gate);
        return gate;
    }

    /**
     * Closes what the test opened. With that alone everything must come to its end, before the
     * proactors are shut down: a shutdown would sweep up what an operation forgot.
     */
    void settle(ListenerRecord listener) throws Exception {
        settling = true;
        gates.forEach(CountDownLatch::countDown);
        try {
            resources.forEach(Settlement::close);
            for (Proactor proactor : proactors) {
                awaitBalance(proactor);
            }
            for (Acceptor acceptor : acceptors) {
                awaitSlots(acceptor);
            }
        } finally {
            shutDown();
        }
        awaitThreads();
        awaitDescriptors();
        assertThat(recorders).as("handlers that were called twice")
                .noneMatch(recorder -> recorder.calls() > 1);
        assertThat(listener.thrown()).as("what handlers threw unexpectedly").isEmpty();
        assertThat(listener.processorFailures()).as("failures of the processor").isEmpty();
    }

    private static void awaitBalance(Proactor proactor) throws Exception {
        Until.until("no operation is outstanding: " + proactor,
                () -> proactor.statistics().outstanding() == 0);
        ProactorStatistics end = proactor.statistics();
        assertThat(end.issued()).as("issued = completed + failed + cancelled + timed out: " + end)
                .isEqualTo(end.completed() + end.failed() + end.cancelled() + end.timedOut());
    }

    private static void awaitSlots(Acceptor acceptor) throws Exception {
        Until.until("every slot is free: " + acceptor + " " + acceptor.pool(),
                () -> acceptor.connections() == 0 && acceptor.acceptsOutstanding() == 0
                        && acceptor.pool().inUse() == 0 && acceptor.pool().waiting() == 0);
    }

    private void shutDown() throws InterruptedException {
        for (Proactor proactor : proactors) {
            proactor.shutdown(Duration.ofSeconds(2));
            assertThat(proactor.awaitTermination(Duration.ofSeconds(Until.PATIENCE_SECONDS)))
                    .as("the proactor terminates: " + proactor).isTrue();
        }
    }

    /** Waits, because the thread that announces the end is still there when it does. */
    private static void awaitThreads() throws Exception {
        Until.until("no thread of the library is left", () -> threads().isEmpty());
    }

    /** Returns the names of the library's threads that are alive. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("proactor-")).toList();
    }

    /**
     * Waits, because the JDK closes the socket of a peer whose thread is in a call a little later.
     */
    private void awaitDescriptors() throws Exception {
        Until.until("no descriptor is left",
                () -> Descriptors.openedSince(descriptorsBefore).isEmpty());
    }
}
