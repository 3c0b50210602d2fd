package io.proactor.fuzz;

import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.TimerHandle;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Carries operations out on the one thread that calls {@link #turn}: no clock, no system call, no
 * second thread. A connection's peer is a byte array and the choices of the fuzzer, which say in
 * what pieces it comes.
 */
public final class MemoryProcessor implements AsynchronousOperationProcessor, CompletionDispatcher {

    /** The one of this JVM; written before the proactor that opens it can be had. */
    private static volatile @Nullable MemoryProcessor opened;

    private final ProcessorContext context;
    private final ReceiveBuffers receiveBuffers;
    private final ArrayDeque<CompletionEvent> events = new ArrayDeque<>();
    private final List<MemoryStream> streams = new ArrayList<>();
    private final List<Throwable> thrown = new ArrayList<>();
    private final HandlerRunner runner =
            new HandlerRunner((failure, operationId, owner) -> thrown.add(failure));
    private boolean dispatching;

    MemoryProcessor(ProcessorContext context) {
        this.context = context;
        receiveBuffers = new ReceiveBuffers(context.receiveLimits());
        opened = this;
    }

    static MemoryProcessor opened() {
        return Objects.requireNonNull(opened);
    }

    /** Forgets the connections of the run before. */
    void reset() {
        streams.clear();
        events.clear();
        thrown.clear();
    }

    /**
     * Performs what can be performed on each connection, and calls the handlers of that.
     *
     * @return false if there was nothing to do
     * @throws AssertionError if a handler threw
     */
    boolean turn() {
        boolean active = false;
        for (MemoryStream each : List.copyOf(streams)) {
            active |= each.perform();
        }
        dispatching = true;
        for (CompletionEvent event = events.poll(); event != null; event = events.poll()) {
            event.dispatch(runner);
            active = true;
        }
        dispatching = false;
        if (!thrown.isEmpty()) {
            throw new AssertionError("A handler threw.", thrown.get(0));
        }
        return active;
    }

    ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
    }

    @Override
    public void enqueue(CompletionEvent event) {
        events.add(event);
    }

    @Override
    public StreamHandle openStream() {
        MemoryStream stream = new MemoryStream(context, this);
        streams.add(stream);
        return stream;
    }

    MemoryStream latest() {
        return streams.get(streams.size() - 1);
    }

    @Override
    public ListenHandle listen(SocketAddress local, int backlog) {
        throw new UnsupportedOperationException("There is nobody to listen for.");
    }

    @Override
    public TimerHandle openTimer() {
        throw new UnsupportedOperationException("There is no clock.");
    }

    @Override
    public CompletionDispatcher dispatcher() {
        return this;
    }

    @Override
    public String dispatcherName() {
        return "loop";
    }

    @Override
    public boolean dispatchesOnCurrentThread() {
        return dispatching;
    }

    @Override
    public boolean dispatching() {
        return dispatching;
    }

    @Override
    public <T> T blocking(Callable<T> body) throws Exception {
        return body.call();
    }

    @Override
    public void drain() {
        throw new UnsupportedOperationException("It ends with its JVM.");
    }

    @Override
    public void abort() {
        throw new UnsupportedOperationException("It ends with its JVM.");
    }

    @Override
    public boolean terminate(long timeoutNanos) {
        throw new UnsupportedOperationException("It ends with its JVM.");
    }
}
