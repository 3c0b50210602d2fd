package io.proactor.provider;

import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.DispatcherChoice;
import io.proactor.spi.ProcessorContext;
import java.io.IOException;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Channels that share a processor and the threads that their handlers run on.
 *
 * <p>The processor has one loop, and dispatches on it: what it calls there are handlers of this
 * package, which store a result, and hand it to a future or to the group's threads. So no code of a
 * user's runs on the loop; a future is complete without a hop; and the handlers of one channel may
 * overlap, as the JDK's do: a handler that blocks until another operation of the same channel has
 * ended must not wait for itself.
 */
final class ProviderGroup extends AsynchronousChannelGroup implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderGroup.class);

    private static final String KEEP_AFTER_TIMEOUT = "proactor.provider.keepAfterTimeout";

    /** Of all groups of the JVM, for the names of their threads. */
    private static final AtomicInteger MADE = new AtomicInteger();

    /** Enough for the command queue of one group; the JDK, too, has one poller at a time. */
    private static final int LOOPS = 1;

    private final GroupThreads threads;
    private final ProcessorContext context;
    private final AsynchronousOperationProcessor processor;
    private final String name;
    private final boolean keepsAfterTimeout = Boolean.getBoolean(KEEP_AFTER_TIMEOUT);

    /*
     * RUNNING --shutdown--> SHUTDOWN --the last channel is closed--> ENDING --> TERMINATED
     *
     * ENDING lasts until the processor's threads have ended; then the executor is shut down, and
     * the group is terminated as soon as that is. Guarded by channels.
     */
    private final Set<AsynchronousChannel> channels = new HashSet<>();
    private volatile boolean shutdown;  // true exactly from the first shutdown; read by any thread
    private boolean ending;             // true exactly from when the thread that ends it was made

    private final CountDownLatch ended = new CountDownLatch(1);

    private ProviderGroup(AsynchronousChannelProvider provider, GroupThreads threads)
            throws IOException {
        super(provider);
        this.threads = threads;
        name = "provider-group-" + MADE.getAndIncrement();
        context = new ProcessorContext(LOOPS, new DispatcherChoice.Loop(), 0, ProcessorThread::new,
                name + "-", new GroupListener(name, threads));
        processor = GroupProcessor.open(context);
    }

    /** Opens a group; if that fails, the threads are shut down. */
    static ProviderGroup open(AsynchronousChannelProvider provider, GroupThreads threads)
            throws IOException {
        boolean opened = false;
        try {
            ProviderGroup group = new ProviderGroup(provider, threads);
            opened = true;
            return group;
        } finally {
            if (!opened) {
                threads.shutdown();
            }
        }
    }

    AsynchronousOperationProcessor processor() {
        return processor;
    }

    GroupThreads threads() {
        return threads;
    }

    /** See {@link ProactorAsynchronousChannelProvider}. */
    boolean keepsAfterTimeout() {
        return keepsAfterTimeout;
    }

    /** Runs a task on a thread of the group, as the JDK's groups do. */
    @Override
    public void execute(Runnable task) {
        threads.executeTask(task);
    }

    // ---- Its channels -------------------------------------------------------------------------

    /**
     * Before anything is opened for a channel.
     *
     * @throws ShutdownChannelGroupException if the group is shut down
     */
    void requireRunning() {
        if (shutdown) {
            throw new ShutdownChannelGroupException();
        }
    }

    /**
     * Takes a channel in.
     *
     * @throws ShutdownChannelGroupException if the group is shut down
     */
    void register(AsynchronousChannel channel) {
        synchronized (channels) {
            if (shutdown) {
                throw new ShutdownChannelGroupException();
            }
            channels.add(channel);
        }
    }

    /** The channel is closed. Any number of times. */
    void unregister(AsynchronousChannel channel) {
        synchronized (channels) {
            channels.remove(channel);
            endIfEmpty();
        }
    }

    // ---- The end ------------------------------------------------------------------------------

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public void shutdown() {
        synchronized (channels) {
            shutdown = true;
            endIfEmpty();
        }
    }

    @Override
    public void shutdownNow() throws IOException {
        List<AsynchronousChannel> open;
        synchronized (channels) {
            shutdown = true;
            open = new ArrayList<>(channels);
            endIfEmpty();
        }
        // Without the lock: closing takes the channels' own.
        for (AsynchronousChannel channel : open) {
            channel.close();
        }
    }

    /** Guarded by channels. */
    private void endIfEmpty() {
        if (shutdown && channels.isEmpty() && !ending) {
            ending = true;
            // A thread of its own, for a moment: the caller may be one that must not wait, and the
            // executor may have no thread to spare.
            ProcessorThread thread = new ProcessorThread(this::end);
            thread.setName(name + "-end");
            thread.start();
        }
    }

    private void end() {
        context.refuse();
        processor.abort();
        try {
            while (!processor.terminate(TimeUnit.SECONDS.toNanos(1))) {
                LOG.debug("{} waits for its processor to end.", name);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        } finally {
            // Not before: until then, handlers were handed to the executor.
            try {
                threads.batchEnds();
                threads.shutdown();
            } finally {
                ended.countDown();
            }
        }
    }

    @Override
    public boolean isTerminated() {
        return ended.getCount() == 0 && threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        long start = System.nanoTime();
        return ended.await(nanos, TimeUnit.NANOSECONDS)
                && threads.awaitTermination(nanos - (System.nanoTime() - start));
    }

    @Override
    public String toString() {
        return name + "[" + threads + "]";
    }
}
