package io.proactor.engine.queue;

import io.proactor.engine.dispatch.Dispatchers;
import io.proactor.engine.dispatch.LoopDispatcher;
import io.proactor.engine.dispatch.LoopDispatchers;
import io.proactor.engine.dispatch.RunningDispatcher;
import io.proactor.engine.dispatch.Watchdog;
import io.proactor.engine.event.ReceiveBuffers;
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
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The home-made processor: loops that share nothing but a dispatcher. A handle belongs to one loop
 * for life; handles are spread over the loops in turn.
 */
final class QueueProcessor implements AsynchronousOperationProcessor {

    /** Between two looks at the counters while the last operations end. */
    private static final long LOOK_NANOS = 500_000;

    private final ProcessorContext context;
    private final List<SelectorLoop> loops;
    private final List<Thread> threads = new ArrayList<>();
    private final Watchdog watchdog;
    private final RunningDispatcher dispatcher;
    private final boolean sequenced;  // true exactly if the dispatcher itself keeps no order
    private final AtomicInteger turn = new AtomicInteger();

    private QueueProcessor(ProcessorContext context, List<SelectorLoop> loops,
            Watchdog watchdog) {
        this.context = context;
        this.loops = loops;
        this.watchdog = watchdog;
        for (SelectorLoop loop : loops) {
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
    static QueueProcessor open(ProcessorContext context, SelectorCalls calls) throws IOException {
        List<SelectorLoop> loops = new ArrayList<>();
        ReceiveBuffers buffers = new ReceiveBuffers(context.receiveLimits());
        Watchdog watchdog = null;
        QueueProcessor processor = null;
        boolean opened = false;
        try {
            for (int i = 0; i < context.loops(); i++) {
                loops.add(new SelectorLoop(context, calls, buffers.another()));
            }
            watchdog = new Watchdog(context);
            processor = new QueueProcessor(context, List.copyOf(loops), watchdog);
            processor.threads.forEach(Thread::start);
            opened = true;
            return processor;
        } finally {
            if (!opened) {
                abandon(loops, watchdog, processor);
            }
        }
    }

    private static void abandon(List<SelectorLoop> loops, @Nullable Watchdog watchdog,
            @Nullable QueueProcessor processor) {
        loops.forEach(SelectorLoop::stop);
        loops.forEach(SelectorLoop::discard);  // its thread, if it was started, does so too
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
            SelectorLoop loop = loops.get(i);
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
        return new SelectorStreamHandle(context, newSequence(), nextLoop());
    }

    @Override
    public ListenHandle listen(SocketAddress local, int backlog) throws IOException {
        return listen(local, backlog, Map.of(StandardSocketOptions.SO_REUSEADDR, true), true);
    }

    @Override
    public ListenHandle listen(@Nullable SocketAddress local, int backlog,
            Map<SocketOption<?>, Object> options) throws IOException {
        return listen(local, backlog, options, false);
    }

    private ListenHandle listen(@Nullable SocketAddress local, int backlog,
            Map<SocketOption<?>, Object> options, boolean noDelay) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            for (Map.Entry<SocketOption<?>, Object> option : options.entrySet()) {
                set(channel, option.getKey(), option.getValue());
            }
            channel.bind(local, backlog);
            SelectorListenHandle handle = new SelectorListenHandle(context, newSequence(),
                    nextLoop(), channel,
                    (accepted, recycled) -> adopt(accepted, recycled, noDelay));
            handle.start();
            return handle;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static <T> void set(ServerSocketChannel channel, SocketOption<T> option, Object value)
            throws IOException {
        channel.setOption(option, option.type().cast(value));
    }

    private StreamHandle adopt(SocketChannel accepted, @Nullable StreamHandle recycled,
            boolean noDelay) throws IOException {
        accepted.configureBlocking(false);
        if (noDelay) {
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        SelectorStreamHandle handle;
        if (recycled == null) {
            handle = new SelectorStreamHandle(context, newSequence(), nextLoop(), accepted);
        } else {
            handle = (SelectorStreamHandle) recycled;
            handle.adopt(accepted);
        }
        handle.start();
        return handle;
    }

    @Override
    public TimerHandle openTimer() {
        return new SelectorTimerHandle(context, newSequence(), nextLoop());
    }

    private @Nullable CompletionSequence newSequence() {
        return sequenced ? new CompletionSequence(dispatcher) : null;
    }

    private SelectorLoop nextLoop() {
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
        loops.forEach(SelectorLoop::drain);
    }

    @Override
    public void abort() {
        loops.forEach(SelectorLoop::abort);
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
        loops.forEach(SelectorLoop::stop);
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
