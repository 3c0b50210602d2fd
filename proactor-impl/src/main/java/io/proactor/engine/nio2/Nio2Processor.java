package io.proactor.engine.nio2;

import io.proactor.engine.dispatch.Dispatchers;
import io.proactor.engine.dispatch.RunningDispatcher;
import io.proactor.engine.dispatch.Watchdog;
import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.event.Timed;
import io.proactor.engine.event.WriteOperationPool;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.DispatcherChoice;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.TimerHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The processor of the operating system, as the JDK offers it. The threads of its group only move
 * bytes and completions: handlers run on a dispatcher's threads, because the JDK replaces a thread
 * whose handler throws, and stalls when handlers block.
 *
 * <p>Threads: any; the fields are shared by all handles.
 */
final class Nio2Processor implements AsynchronousOperationProcessor {

    /** True where a thread of the group takes the core from the handlers when it wakes. */
    private static final boolean ONE_CORE = Runtime.getRuntime().availableProcessors() == 1;

    /** Between two looks at the counters while the last operations end. */
    private static final long LOOK_NANOS = 500_000;

    // For reads of which nobody knows yet where to put them: one byte, and some 150 for its object.
    // 1,024 kept are 150 KiB.
    private static final int SINGLE_KEPT = 1_024;

    // For reads, and for writes that fit: what a TCP socket delivers in one piece is seldom more,
    // and each socket that waits for its peer holds one. 256 kept are 4 MiB.
    private static final int SMALL_BYTES = 16_384;
    private static final int SMALL_KEPT = 256;

    // For writes that are larger: a quarter of the calls, and about what a socket's send buffer
    // takes at once. 64 kept are 4 MiB.
    private static final int LARGE_BYTES = 65_536;
    private static final int LARGE_KEPT = 64;

    private final ProcessorContext context;
    private final Nio2Calls calls;
    private final AsynchronousChannelGroup group;
    private final GroupThreads threads;
    private final Watchdog watchdog;
    private final RunningDispatcher dispatcher;
    private final Clock clock;
    private final WriteOperationPool writes;
    private final DirectBuffers singleBuffers = new DirectBuffers(1, SINGLE_KEPT);
    private final DirectBuffers smallBuffers = new DirectBuffers(SMALL_BYTES, SMALL_KEPT);
    private final DirectBuffers largeBuffers = new DirectBuffers(LARGE_BYTES, LARGE_KEPT);

    // What a thread of the group does when it has seen to something that has arrived.
    private final Runnable afterwards;

    private final ReceiveBuffers receiveBuffers;

    private final HandleSet handles = new HandleSet();

    private Nio2Processor(ProcessorContext context, Nio2Calls calls, Watchdog watchdog,
            RunningDispatcher dispatcher, AsynchronousChannelGroup group, GroupThreads threads,
            Clock clock) {
        this.context = context;
        this.calls = calls;
        this.watchdog = watchdog;
        this.dispatcher = dispatcher;
        this.group = group;
        this.threads = threads;
        this.clock = clock;
        writes = new WriteOperationPool(context.operations());
        afterwards = ONE_CORE ? dispatcher::giveWay : () -> { };
        receiveBuffers = new ReceiveBuffers(context.receiveLimits());
    }

    /**
     * Opens a processor; if that fails, nothing of it is left behind.
     *
     * @throws IllegalArgumentException if the context asks for the loop dispatcher
     */
    static Nio2Processor open(ProcessorContext context, Nio2Calls calls) throws IOException {
        DispatcherChoice choice = context.dispatcher();
        if (choice == null) {
            choice = new DispatcherChoice.Pooled(context.loops());
        } else if (choice instanceof DispatcherChoice.Loop) {
            throw new IllegalArgumentException(
                    "The nio2 processor offers no loop dispatcher; choose pooled or executor.");
        }
        GroupThreads threads = new GroupThreads(context);
        Clock clock = new Clock(context);
        Watchdog watchdog = new Watchdog(context);
        RunningDispatcher dispatcher = null;
        AsynchronousChannelGroup group = null;
        boolean opened = false;
        try {
            dispatcher = Dispatchers.open(choice, context, watchdog);
            group = AsynchronousChannelGroup.withFixedThreadPool(context.loops(), threads);
            clock.start();
            opened = true;
        } finally {
            if (!opened) {
                abandon(watchdog, dispatcher, group);
            }
        }
        Nio2Processor processor =
                new Nio2Processor(context, calls, watchdog, dispatcher, group, threads, clock);
        new GroupWatch(processor, GroupWatch.LOOK_NANOS).start();
        return processor;
    }

    private static void abandon(Watchdog watchdog, @Nullable RunningDispatcher dispatcher,
            @Nullable AsynchronousChannelGroup group) throws IOException {
        try {
            if (group != null) {
                group.shutdownNow();
            }
            if (dispatcher != null) {
                dispatcher.terminate(0);
            }
            watchdog.terminate(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();  // they end by themselves
        }
    }

    // ---- Handles ------------------------------------------------------------------------------

    @Override
    public StreamHandle openStream() {
        Nio2StreamHandle handle = new Nio2StreamHandle(this, null);
        handle.start();
        return handle;
    }

    @Override
    public ListenHandle listen(SocketAddress local, int backlog) throws IOException {
        Throwable failure = handles.failure();
        if (failure != null) {
            throw new IOException("The processor has failed.", failure);
        }
        AsynchronousServerSocketChannel channel = AsynchronousServerSocketChannel.open(group);
        Nio2ListenHandle handle = null;
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(local, backlog);
            handle = new Nio2ListenHandle(this, channel);
        } catch (UnresolvedAddressException e) {
            throw new UnknownHostException(local instanceof InetSocketAddress address
                    ? address.getHostString() : local.toString());
        } catch (UnsupportedAddressTypeException e) {
            throw new IOException("Cannot listen on " + local + ".", e);
        } finally {
            if (handle == null) {
                channel.close();
            }
        }
        handle.start();
        return handle;
    }

    @Override
    public TimerHandle openTimer() {
        Nio2TimerHandle handle = new Nio2TimerHandle(this);
        handle.start();
        return handle;
    }

    // ---- For the handles ----------------------------------------------------------------------

    /** Returns the handles, and how far the end has come. */
    HandleSet handles() {
        return handles;
    }

    /** Any thread, once. The group has died: everything that is pending fails. */
    void fail(Throwable cause) {
        context.listener().processorFailed(cause);
        handles.fail(cause);
    }

    /** Has a timeout watched, if the operation has one. */
    void arm(Timed target, AsynchronousOperation operation) {
        long timeoutNanos = operation.timeoutNanos();
        if (timeoutNanos > 0) {
            operation.arm(clock.arm(target, operation, System.nanoTime() + timeoutNanos));
        }
    }

    /** True on a thread of the group, where the JDK tries a read at once. */
    boolean onGroupThread() {
        return threads.runningOnCurrentThread();
    }

    /** Runs a task on a thread of the group, behind what has been reported to the group so far. */
    void pass(Runnable task) {
        // The JDK's groups are executors (sun.nio.ch.AsynchronousChannelGroupImpl).
        (group instanceof Executor executor ? executor : clock).execute(task);
    }

    /** Closes a channel, if it is not closed. */
    void close(NetworkChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone all the same (close(2), "Dealing with error returns").
            context.listener().processorFailed(e);
        }
    }

    ProcessorContext context() {
        return context;
    }

    Nio2Calls calls() {
        return calls;
    }

    AsynchronousChannelGroup group() {
        return group;
    }

    Clock clock() {
        return clock;
    }

    WriteOperationPool writes() {
        return writes;
    }

    Runnable afterwards() {
        return afterwards;
    }

    DirectBuffers singleBuffers() {
        return singleBuffers;
    }

    DirectBuffers smallBuffers() {
        return smallBuffers;
    }

    DirectBuffers largeBuffers() {
        return largeBuffers;
    }

    ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
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
        return dispatcher.runsOnCurrentThread();
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
        handles.drain();
    }

    @Override
    public void abort() {
        handles.abort();
    }

    @Override
    public boolean terminate(long timeoutNanos) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        // The handles too: while the JDK has a call of theirs, the group must not end.
        while (context.counters().outstanding() > 0 || handles.size() > 0) {
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
        return terminateGroup(Math.max(1, deadlineNanos - System.nanoTime()))
                && clock.terminate(deadlineNanos - System.nanoTime())
                && watchdog.terminate(Math.max(1, deadlineNanos - System.nanoTime()));
    }

    private boolean terminateGroup(long timeoutNanos) throws InterruptedException {
        try {
            group.shutdownNow();
        } catch (IOException e) {
            context.listener().processorFailed(e);
        }
        return group.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS);
    }
}
