package io.proactor.engine.uring;

import io.proactor.engine.dispatch.Dispatchers;
import io.proactor.engine.dispatch.LoopDispatcher;
import io.proactor.engine.dispatch.LoopDispatchers;
import io.proactor.engine.dispatch.RunningDispatcher;
import io.proactor.engine.dispatch.Watchdog;
import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.uring.ffm.RingFactory;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import io.proactor.operation.FileSource;
import io.proactor.operation.HandlerRunner;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.DispatcherChoice;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.TimerHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The processor whose operations the Linux kernel carries out: loops, each with an io_uring of its
 * own, that share nothing but a dispatcher. A handle belongs to one loop for life; handles are
 * spread over the loops in turn.
 */
final class UringProcessor implements AsynchronousOperationProcessor {

    /** Between two looks at the counters while the last operations end. */
    private static final long LOOK_NANOS = 500_000;

    private final ProcessorContext context;
    private final List<UringLoop> loops;
    private final List<Thread> threads = new ArrayList<>();
    private final Watchdog watchdog;
    private final RunningDispatcher dispatcher;
    private final boolean sequenced;  // true exactly if the dispatcher itself keeps no order
    private final AtomicInteger turn = new AtomicInteger();

    private UringProcessor(ProcessorContext context, List<UringLoop> loops, Watchdog watchdog) {
        this.context = context;
        this.loops = loops;
        this.watchdog = watchdog;
        for (UringLoop loop : loops) {
            Thread thread = context.newThread("loop", loop);
            loop.belongTo(thread);
            threads.add(thread);
        }
        DispatcherChoice choice = context.dispatcher();
        sequenced = choice != null && !(choice instanceof DispatcherChoice.Loop);
        if (sequenced) {
            dispatcher = Dispatchers.open(choice, context, watchdog);
            loops.forEach(loop -> loop.dispatchTo(dispatcher));
        } else {
            dispatcher = dispatchOnLoops();
        }
    }

    /** Opens a processor; if that fails, nothing of it is left behind. */
    static UringProcessor open(ProcessorContext context, Features features, RingFactory factory)
            throws IOException {
        List<UringLoop> loops = new ArrayList<>();
        ReceiveBuffers buffers = new ReceiveBuffers(context.receiveLimits());
        LoopRings rings = new LoopRings(factory, features);
        Watchdog watchdog = null;
        UringProcessor processor = null;
        boolean opened = false;
        try {
            for (int i = 0; i < context.loops(); i++) {
                loops.add(new UringLoop(context, rings, buffers.another()));
            }
            watchdog = new Watchdog(context);
            processor = new UringProcessor(context, List.copyOf(loops), watchdog);
            processor.threads.forEach(Thread::start);
            opened = true;
            return processor;
        } finally {
            if (!opened) {
                abandon(loops, watchdog, processor);
            }
        }
    }

    private static void abandon(List<UringLoop> loops, @Nullable Watchdog watchdog,
            @Nullable UringProcessor processor) {
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).stop();
            if (processor == null || processor.threads.get(i).getState() == Thread.State.NEW) {
                loops.get(i).discard();  // else its thread does so, and nobody else may
            }
        }
        try {
            if (processor != null) {
                processor.dispatcher.terminate(0);
            }
            if (watchdog != null) {
                watchdog.terminate(0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();  // they end by themselves
        }
    }

    private RunningDispatcher dispatchOnLoops() {
        List<LoopDispatcher> dispatchers = new ArrayList<>();
        for (int i = 0; i < loops.size(); i++) {
            UringLoop loop = loops.get(i);
            LoopDispatcher own = new LoopDispatcher(new HandlerRunner(context.listener()),
                    context.listener(), loop::wakeUp);
            own.belongTo(threads.get(i));
            loop.dispatchOn(own);
            watchdog.watch(threads.get(i), own.runner());
            dispatchers.add(own);
        }
        return new LoopDispatchers(dispatchers);
    }

    // ---- Handles ------------------------------------------------------------------------------

    @Override
    public StreamHandle openStream() {
        return newStream();
    }

    private UringStreamHandle newStream() {
        return new UringStreamHandle(context, newSequence(), nextLoop());
    }

    @Override
    public ListenHandle listen(SocketAddress local, int backlog) throws IOException {
        return listen(local, backlog, Map.of(), true);
    }

    @Override
    public ListenHandle listen(@Nullable SocketAddress local, int backlog,
            Map<SocketOption<?>, Object> options) throws IOException {
        return listen(local == null ? new InetSocketAddress(0) : local, backlog, options, false);
    }

    private ListenHandle listen(SocketAddress local, int backlog,
            Map<SocketOption<?>, Object> options, boolean noDelay) throws IOException {
        if (!(local instanceof InetSocketAddress address)) {
            throw new UnsupportedAddressTypeException();
        }
        if (address.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        int listener = ListenerSockets.open(address, backlog, options, noDelay);
        UringListenHandle handle = null;
        try {
            SocketAddress known = ofConnections(listener);
            handle = new UringListenHandle(context, newSequence(), nextLoop(), listener,
                    (accepted, remote, recycled) -> adopt(accepted, known, remote, recycled));
        } finally {
            if (handle == null) {
                SystemCalls.close(listener);
            }
        }
        handle.start();
        return handle;
    }

    /**
     * Returns the address that all connections have at this end, so that none need be asked; null
     * if the listener takes them at any address, and each may have another.
     */
    private static @Nullable SocketAddress ofConnections(int listener)
            throws SystemCallException {
        InetSocketAddress bound = SystemCalls.localAddress(listener);
        return bound.getAddress().isAnyLocalAddress() ? null : bound;
    }

    private StreamHandle adopt(int accepted, @Nullable SocketAddress local, SocketAddress remote,
            @Nullable StreamHandle recycled) throws IOException {
        UringStreamHandle handle = recycled != null ? (UringStreamHandle) recycled : newStream();
        handle.adopt(accepted, local, remote);
        handle.start();
        return handle;
    }

    @Override
    public FileSource openFile(Path path) throws IOException {
        DescriptorFile file = DescriptorFile.open(path);
        return file != null ? file : AsynchronousOperationProcessor.super.openFile(path);
    }

    @Override
    public TimerHandle openTimer() {
        return new UringTimerHandle(context, newSequence(), nextLoop());
    }

    private @Nullable CompletionSequence newSequence() {
        return sequenced ? new CompletionSequence(dispatcher) : null;
    }

    private UringLoop nextLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    // ---- The dispatcher -----------------------------------------------------------------------

    @Override
    public CompletionDispatcher dispatcher() {
        return dispatcher;
    }

    @Override
    public String dispatcherName() {
        return dispatcher.name();
    }

    @Override
    public boolean dispatchesOnCurrentThread() {
        if (dispatcher.runsOnCurrentThread()) {
            return true;
        }
        // The listener is called on the loops' threads too, and must not wait for their end either.
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).isCurrent()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean dispatching() {
        return dispatcher.dispatching();
    }

    @Override
    public <T> T blocking(Callable<T> body) throws Exception {
        return dispatcher.blocking(body);
    }

    // ---- The end ------------------------------------------------------------------------------

    @Override
    public void drain() {
        loops.forEach(UringLoop::drain);
    }

    @Override
    public void abort() {
        loops.forEach(UringLoop::abort);
    }

    @Override
    public boolean terminate(long timeoutNanos) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        while (context.counters().outstanding() > 0) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (!dispatcher.terminate(deadlineNanos - System.nanoTime())) {
            return false;
        }
        loops.forEach(UringLoop::stop);
        for (Thread thread : threads) {
            long left = deadlineNanos - System.nanoTime();
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, left));
            if (thread.isAlive()) {
                return false;
            }
        }
        return watchdog.terminate(Math.max(1, deadlineNanos - System.nanoTime()));
    }
}
