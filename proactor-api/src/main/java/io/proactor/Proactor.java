package io.proactor;

import io.proactor.operation.AbortReason;
import io.proactor.operation.OperationCounters;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.PostOperation;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.Handle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous network I/O: an application initiates operations, a processor carries them out, and
 * a dispatcher calls the application's {@link CompletionHandler}s. This is where everything begins:
 *
 * <pre>{@code
 * try (Proactor proactor = Proactor.open()) {
 *     Acceptor acceptor = proactor.listen(new InetSocketAddress("127.0.0.1", 7007));
 *     acceptor.acceptAll(accepted -> new EchoSession(accepted.socket()).start());
 *     proactor.awaitTermination();
 * }
 * }</pre>
 *
 * <p>Each operation that is accepted leads to exactly one call of its handler, whatever happens; no
 * handler is called inside the call that initiated it.
 *
 * <p>Threads: every method may be called by any thread, unless it says otherwise.
 */
public final class Proactor implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.proactor");

    /** Makes the names of threads differ between the proactors of one JVM. */
    private static final AtomicInteger OPENED = new AtomicInteger();

    /** How long {@link #close} lets operations finish. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

    private final ProactorOptions options;
    private final ProcessorContext context;
    private final AsynchronousOperationProcessor processor;
    private final String processorName;
    private final OperationOwner posts;
    private final Connector connector = new Connector(this);

    private @Nullable Shutdown shutdown;  // guarded by this

    private Proactor(ProactorOptions options) throws IOException {
        this.options = options;
        context = new ProcessorContext(options.loops(), options.dispatcher(),
                nanos(options.slowHandler()), options.threads(),
                "proactor-" + OPENED.incrementAndGet() + "-", new ListenerRoute(options));
        posts = new Posts(context.counters());
        ProcessorSelection selection = ProcessorSelection.open(options.processor(), context);
        processor = selection.processor();
        processorName = selection.name();
        LOG.log(Level.INFO, "processor=" + processorName + " loops=" + options.loops()
                + " dispatcher=" + processor.dispatcherName()
                + (selection.passedOver().isEmpty() ? ""
                : " (not taken: " + String.join("; ", selection.passedOver()) + ")"));
    }

    /**
     * Opens a proactor with {@link ProactorOptions#defaults()}.
     *
     * @throws IOException if no processor runs here
     */
    public static Proactor open() throws IOException {
        return open(ProactorOptions.defaults());
    }

    /**
     * Opens a proactor and starts its threads.
     *
     * @throws IOException if the processor does not run here; the message says why
     * @throws IllegalArgumentException if there is no processor of that name, or it does not offer
     *     the dispatcher that the options ask for
     */
    public static Proactor open(ProactorOptions options) throws IOException {
        return new Proactor(Objects.requireNonNull(options, "options"));
    }

    /** Returns the name of the processor that was chosen. */
    public String processor() {
        return processorName;
    }

    /** Returns the options that the proactor was opened with. */
    public ProactorOptions options() {
        return options;
    }

    // ---- What operations are initiated on ----------------------------------------------------

    /** As {@link #listen(SocketAddress, ListenOptions)} with {@link ListenOptions#defaults()}. */
    public Acceptor listen(SocketAddress local) throws IOException {
        return listen(local, ListenOptions.defaults());
    }

    /**
     * Listens on an address; port 0 lets the system choose. Connections are taken when accepts are
     * initiated on the acceptor.
     *
     * @throws IOException if the system refuses the address
     * @throws RejectedExecutionException if the proactor drains or is shut down
     */
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        Objects.requireNonNull(local, "local");
        SocketPool shared = options.pool();
        SocketPool pool = shared != null ? shared : new SocketPool(options.connectionsMax());
        requireRunning();
        // Counted as outstanding meanwhile, so that a shutdown that comes now does not end the
        // loops before they know of the listener.
        context.counters().issued();
        try {
            return new Acceptor(this, processor.listen(local, options.backlog()), options, pool);
        } finally {
            context.counters().revoked();
        }
    }

    /** Returns a pool that several acceptors may share; see {@link ListenOptions#withPool}. */
    public SocketPool newSocketPool(int maximum) {
        return new SocketPool(maximum);
    }

    /** Returns what makes connections. */
    public Connector connector() {
        return connector;
    }

    /** Connects; see {@link Connector#connect(SocketAddress, Object, CompletionHandler)}. */
    public <A extends @Nullable Object> long connect(SocketAddress remote, A attachment,
            CompletionHandler<StreamSocket, ? super A> handler) {
        return connector.connect(remote, attachment, handler);
    }

    /**
     * Returns a socket that is not connected, for {@link StreamSocket#connect}.
     *
     * @throws RejectedExecutionException if the proactor drains or is shut down
     */
    public StreamSocket newSocket() {
        return newSocket(openStream());
    }

    /**
     * Returns a timer.
     *
     * @throws RejectedExecutionException if the proactor drains or is shut down
     */
    public Timer newTimer() {
        requireRunning();
        return new Timer(processor.openTimer());
    }

    /** Returns a strand. */
    public Strand newStrand() {
        return new Strand(this, new CompletionSequence(processor.dispatcher()));
    }

    // ---- Completions of the application's own ------------------------------------------------

    /**
     * Queues a completion to the dispatcher: {@code handler} is called once with {@code value}, in
     * no particular order with others. For an order, see {@link Strand#post}.
     *
     * @throws RejectedExecutionException once the proactor is shut down; the handler is not called
     */
    public <V extends @Nullable Object, A extends @Nullable Object> void post(V value, A attachment,
            CompletionHandler<? super V, ? super A> handler) {
        post(null, value, attachment, handler);
    }

    <V extends @Nullable Object, A extends @Nullable Object> void post(
            @Nullable CompletionSequence sequence, V value, A attachment,
            CompletionHandler<? super V, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        // First counted, then asked: see Handle.initiate.
        context.counters().issued();
        if (!context.accepting()) {
            context.counters().revoked();
            throw refused();
        }
        PostOperation operation = PostOperation.completed(posts, value, attachment, handler);
        if (sequence != null) {
            sequence.enqueue(operation);
        } else {
            processor.dispatcher().enqueue(operation);
        }
    }

    /**
     * Runs something that blocks, from inside a handler. With the pooled dispatcher another handler
     * runs meanwhile, so that the concurrency stays what it is meant to be; with the others this
     * only runs {@code body}.
     *
     * @return what {@code body} returns
     * @throws Exception what {@code body} throws
     */
    public <T extends @Nullable Object> T blocking(Callable<T> body) throws Exception {
        return processor.blocking(body);
    }

    // ---- Operations that are pending ----------------------------------------------------------

    /** Cancels any operation of this proactor by its id; see {@link StreamSocket#cancel}. */
    public boolean cancel(long operationId) {
        return context.operations().abort(operationId, AbortReason.CANCELLED);
    }

    boolean cancel(long operationId, Handle owner) {
        return context.operations().abort(operationId, owner, AbortReason.CANCELLED);
    }

    /** Returns the counters of all operations; exact when nothing is in flight. */
    public ProactorStatistics statistics() {
        OperationCounters.Snapshot now = context.counters().snapshot();
        return new ProactorStatistics(now.issued(), now.completed(), now.failed(), now.cancelled(),
                now.timedOut());
    }

    // ---- The end ------------------------------------------------------------------------------

    /**
     * Begins to end, and returns at once. Until {@code grace} is over, what is at work may finish:
     * listeners close, no new connection is made, queued writes go out, handlers run and may go on
     * with what they are at; a read, accept or timer that is only waiting ends with
     * {@link ProactorShutdownException}. Then, or as soon as nothing is at work, everything that is
     * left ends with that failure, the sockets are closed and the threads end.
     *
     * <p>A further call can bring the end of the grace forward, not back.
     *
     * @param grace zero or negative for none
     * @return completes when the last thread has ended
     */
    public CompletionStage<ShutdownReport> shutdown(Duration grace) {
        Objects.requireNonNull(grace, "grace");
        Shutdown begun = begun();
        if (begun == null) {
            // The application's thread factory is not called under our lock. If two callers come at
            // the same time, one of the threads is never started.
            Shutdown mine = new Shutdown(processor, context, grace);
            begun = begin(mine, context.newThread("shutdown", mine));
        }
        begun.hasten(grace);
        return begun.report().minimalCompletionStage();
    }

    private synchronized @Nullable Shutdown begun() {
        return shutdown;
    }

    private synchronized Shutdown begin(Shutdown mine, Thread thread) {
        if (shutdown == null) {
            thread.start();  // if that throws, a later call may try again
            shutdown = mine;
            notifyAll();  // awaitTermination
        }
        return shutdown;
    }

    /** Ends everything that is pending, without grace; see {@link #shutdown}. */
    public CompletionStage<ShutdownReport> shutdownNow() {
        return shutdown(Duration.ZERO);
    }

    /**
     * Waits until the proactor has been shut down and its last thread has ended.
     *
     * @throws InterruptedException if the caller is interrupted
     * @throws IllegalStateException if the caller is a handler: it would wait for itself
     */
    public void awaitTermination() throws InterruptedException {
        while (!awaitTermination(Duration.ofDays(1))) {
            // A day is as good as for ever, and a number that a duration can hold.
        }
    }

    /**
     * As {@link #awaitTermination()}, for a limited time.
     *
     * @return false if the time elapsed first
     */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        if (processor.dispatchesOnCurrentThread()) {
            throw new IllegalStateException("A handler cannot wait for the end of its proactor.");
        }
        long deadlineNanos = System.nanoTime() + nanos(timeout);
        Shutdown running;
        synchronized (this) {
            while (shutdown == null) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            running = shutdown;
        }
        try {
            running.report().get(Math.max(0, deadlineNanos - System.nanoTime()),
                    TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The shutdown failed.", e.getCause());
        }
    }

    /**
     * Shuts down with a grace of 10 seconds and waits for the end. Called by a handler, or by a
     * thread that is interrupted, it does not wait. Any number of times.
     */
    @Override
    public void close() {
        shutdown(CLOSE_GRACE);
        if (processor.dispatchesOnCurrentThread()) {
            return;
        }
        try {
            awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "Proactor[" + processorName + ", " + processor.dispatcherName() + " dispatcher, "
                + statistics() + "]";
    }

    // ---- For the other classes of this floor -------------------------------------------------

    StreamHandle openStream() {
        requireRunning();
        return processor.openStream();
    }

    StreamSocket newSocket(StreamHandle handle) {
        return new StreamSocket(handle, context.operations(), options.writeBytesMax(),
                options.writesMax());
    }

    /** A handler threw, of an operation whose owner is not the one that it was about. */
    void handlerThrew(Throwable thrown, long operationId, Handle about) {
        context.listener().handlerThrew(thrown, operationId, about);
    }

    // ---- Private ------------------------------------------------------------------------------

    private synchronized void requireRunning() {
        if (shutdown != null) {
            throw refused();
        }
    }

    private static RejectedExecutionException refused() {
        return new RejectedExecutionException("The proactor has been shut down.");
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE >> 1;
        }
    }
}
