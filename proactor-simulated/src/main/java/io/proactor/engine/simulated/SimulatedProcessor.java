package io.proactor.engine.simulated;

import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.HandlerRunner;
import io.proactor.operation.OperationOwner;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.DispatcherChoice;
import io.proactor.spi.Handle;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.TimerHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A processor in a {@link World}. Handles are spread over its loops by the seed. */
final class SimulatedProcessor implements AsynchronousOperationProcessor {

    private final World world;
    private final ProcessorContext context;
    private final ReceiveBuffers receiveBuffers;
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private final @Nullable SimulatedDispatcher shared;  // null if each loop has its own

    SimulatedProcessor(World world, ProcessorContext context) {
        this.world = world;
        this.context = context;
        context.environment(world);
        receiveBuffers = new ReceiveBuffers(context.receiveLimits());
        DispatcherChoice choice = context.dispatcher();
        boolean pooled = choice == null ? world.swarm().pooled()
                : !(choice instanceof DispatcherChoice.Loop);
        shared = pooled ? newDispatcher(false) : null;
        for (int i = 0; i < world.swarm().loops(); i++) {
            SimulatedDispatcher own = shared != null ? shared : newDispatcher(true);
            SimulatedLoop loop = new SimulatedLoop(world, context,
                    receiveBuffers.another(), own);
            if (shared == null) {
                own.belongTo(loop);
            }
            loops.add(loop);
            world.ready(loop);  // its thread starts
        }
        world.opened(this);
    }

    private SimulatedDispatcher newDispatcher(boolean ordered) {
        return new SimulatedDispatcher(world, ordered, new HandlerRunner(this::handlerThrew));
    }

    /** A handler that throws is a failure of the run, whatever the application does about it. */
    private void handlerThrew(Throwable thrown, long operationId, @Nullable OperationOwner about) {
        world.violate(thrown);
        context.listener().handlerThrew(thrown, operationId, about);
    }

    // ---- Handles ------------------------------------------------------------------------------

    @Override
    public StreamHandle openStream() {
        SimulatedLoop loop = anyLoop();
        return new SimulatedStreamHandle(loop, newSequence());
    }

    StreamHandle adopt(int accepted, @Nullable StreamHandle recycled) {
        SimulatedStreamHandle handle = (SimulatedStreamHandle)
                (recycled == null ? openStream() : recycled);
        handle.adopt(accepted);
        return handle;
    }

    @Override
    public ListenHandle listen(SocketAddress local, int backlog) throws IOException {
        if (!(local instanceof InetSocketAddress address) || address.isUnresolved()) {
            throw new IOException("Nobody can listen at " + local + ".");
        }
        int fd = world.kernel().listen(address, backlog);
        if (fd < 0) {
            throw Errno.exception(fd);
        }
        SimulatedListenHandle handle =
                new SimulatedListenHandle(this, anyLoop(), newSequence(), fd);
        handle.start();
        return handle;
    }

    @Override
    public TimerHandle openTimer() {
        return new SimulatedTimerHandle(anyLoop(), newSequence());
    }

    private @Nullable CompletionSequence newSequence() {
        return shared == null ? null : new CompletionSequence(shared);
    }

    private SimulatedLoop anyLoop() {
        return loops.get(world.choices().below(loops.size()));
    }

    // ---- The dispatcher -----------------------------------------------------------------------

    @Override
    public CompletionDispatcher dispatcher() {
        return shared != null ? shared : anyLoop().dispatcher();
    }

    @Override
    public String dispatcherName() {
        return shared != null ? "pooled" : "loop";
    }

    @Override
    public boolean dispatchesOnCurrentThread() {
        return world.inHandler();
    }

    @Override
    public boolean dispatching() {
        return world.inHandler();
    }

    @Override
    public <T> T blocking(Callable<T> body) throws Exception {
        return body.call();
    }

    // ---- The end ------------------------------------------------------------------------------

    @Override
    public void drain() {
        loops.forEach(SimulatedLoop::drain);
    }

    @Override
    public void abort() {
        loops.forEach(SimulatedLoop::abort);
    }

    @Override
    public boolean terminate(long timeoutNanos) {
        long deadlineNanos = world.nanoTime() + timeoutNanos;
        while (context.counters().outstanding() > 0
                || !loops.stream().allMatch(SimulatedLoop::isEmpty)) {
            long left = deadlineNanos - world.nanoTime();
            if (left <= 0) {
                return false;
            }
            world.parkNanos(this, left);
        }
        return true;
    }

    /** The program is at its end, and has not ended this. */
    void end() {
        context.refuse();
        abort();
    }

    // ---- What must hold -----------------------------------------------------------------------

    void checkAtRest() {
        loops.forEach(SimulatedLoop::checkAtRest);
    }

    void checkAtEnd() {
        loops.forEach(SimulatedLoop::checkAtEnd);
        if (receiveBuffers.out() != 0) {
            throw new Violation(receiveBuffers.out() + " leases were not closed.");
        }
        long outstanding = context.counters().outstanding();
        if (outstanding != 0) {
            throw new Violation(outstanding + " operations have not led to their handlers: "
                    + context.counters().snapshot());
        }
    }

    void describePending(StringBuilder text) {
        context.operations().forEach(operation -> describe(operation, text));
    }

    private static void describe(AsynchronousOperation operation, StringBuilder text) {
        if (operation.pending()) {
            Object session = operation.owner() instanceof Handle handle ? handle.session() : null;
            text.append("  ").append(operation).append(" of ").append(session).append('\n');
        }
    }

    @Override
    public String toString() {
        return "SimulatedProcessor[" + context.counters().snapshot() + "]";
    }
}
