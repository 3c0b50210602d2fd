package io.proactor;

import io.proactor.operation.AbortReason;
import io.proactor.operation.OperationCounters;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.Environment;
import io.proactor.spi.Handle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
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
    final Posts posts;
    private final Leases leases;
    final Set<SocketPool> pools = ConcurrentHashMap.newKeySet();
    private final Termination termination;
    private final Connector connector = new Connector(this);

    private Proactor(ProactorOptions options) throws IOException {
        this.options = options;
        context = new ProcessorContext(options.loops(), options.dispatcher(),
                Shutdown.nanos(options.slowHandler()), options.threads(),
                "proactor-" + OPENED.incrementAndGet() + "-", new ListenerRoute(options),
                options.receiveLimits(), options.writeQueue().budget(),
                options.tracing());
        leases = new Leases(options.listener(), options.tracing());
        posts = new Posts(context);
        ProcessorSelection selection = ProcessorSelection.open(options.processor(), context);
        processor = selection.processor();
        processorName = selection.name();
        termination = new Termination(processor, context,
                () -> pools.forEach(pool -> pool.resting().end()),
                since -> ListenerRoute.tell(
                        () -> options.listener().shutdownHeldUp(since, dumpPending())));
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

    /**
     * Returns the processors that are installed, in the order in which {@code auto} tries them:
     * each name with the reason why that one does not run here, or empty if it does.
     */
    public static Map<String, Optional<String>> processors() {
        return ProcessorSelection.installed();
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
     * @throws IOException if the system refuses the address, or it is unresolved
     * @throws RejectedExecutionException if the proactor drains or is shut down
     */
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        Objects.requireNonNull(local, "local");
        SocketPool shared = options.pool();
        termination.requireRunning();
        if (shared != null && !pools.contains(shared)) {
            throw new IllegalArgumentException("The pool belongs to another proactor.");
        }
        SocketPool pool = shared != null ? shared
                : new SocketPool(0, options.connectionsMax(), this::newTimer);
        // Counted as outstanding meanwhile, so that a shutdown that comes now does not end the
        // loops before they know of the listener.
        context.counters().issued();
        try {
            return new Acceptor(this, Acceptor.bind(processor, local, options), options, pool);
        } finally {
            context.counters().revoked();
        }
    }

    /** As {@link #newSocketPool(int, int)}, with no socket made in advance. */
    public SocketPool newSocketPool(int maximum) {
        return newSocketPool(0, maximum);
    }

    /**
     * Returns a pool that several acceptors may share; see {@link ListenOptions#withPool}.
     *
     * @param minimum how many sockets are made now, and kept at rest even if nobody needs them
     * @param maximum how many connections may be open at a time
     */
    public SocketPool newSocketPool(int minimum, int maximum) {
        return newSocketPool(minimum, minimum, maximum);
    }

    SocketPool newSocketPool(int made, int minimum, int maximum) {
        termination.requireRunning();
        SocketPool pool = new SocketPool(minimum, maximum, this::newTimer);
        for (int i = 0; i < made; i++) {
            pool.resting().put(processor.openStream(), false);
        }
        pools.add(pool);
        return pool;
    }

    /** Returns what makes connections. */
    public Connector connector() {
        return connector;
    }

    /** Connects; see {@link Connector#connect(SocketAddress, Object, CompletionHandler)}. */
    public <A extends @Nullable Object> long connect(SocketAddress remote, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
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
        termination.requireRunning();
        return new Timer(processor.openTimer());
    }

    /** Returns a strand. */
    public Strand newStrand() {
        return new Strand(this, new CompletionSequence(processor.dispatcher()));
    }

    /**
     * Opens a regular file, to be sent on sockets of this proactor: see {@link FileRegion}. On
     * {@code uring} its bytes then do not pass through the process. The call may block, as any that
     * opens a file does. It is the caller who closes it.
     *
     * @throws IOException if there is no such file, it is not a regular one, or cannot be opened
     * @throws RejectedExecutionException if the proactor drains or is shut down
     */
    public ReadableFile openFile(Path path) throws IOException {
        termination.requireRunning();
        return ReadableFile.open(path, processor::openFile, context);
    }

    /** Returns {@link System#nanoTime}; in a simulation the time that passes there. Any thread. */
    public long nanoTime() {
        return context.nanoTime();
    }

    // ---- Completions of the application's own ------------------------------------------------

    /**
     * Queues a completion to the dispatcher: {@code handler} is called once with {@code value}, in
     * no particular order with others. For an order, see {@link Strand#post}. What may wait has no
     * bound but the caller's.
     *
     * @throws RejectedExecutionException once the proactor is shut down; the handler is not called
     */
    public <V extends @Nullable Object, A extends @Nullable Object> void post(V value, A attachment,
            CompletionHandler<? super V, ? super A> handler) {
        processor.dispatcher().enqueue(posts.newPost(value, attachment, handler));
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

    /**
     * Returns what is pending at this moment, the oldest first: a picture of operations that begin
     * and end meanwhile, for a person to look at. It looks through all operations of the proactor.
     */
    public List<PendingOperation> dumpPending() {
        return PendingOperation.of(context.operations());
    }

    /** Returns the number of leases that have not been closed. */
    public long leasesOpen() {
        return leases.open();
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
        return termination.begin(Objects.requireNonNull(grace, "grace"));
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
        return termination.await(timeout);
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

    Environment environment() {
        return context.environment();
    }

    boolean dispatchesOnCurrentThread() {
        return processor.dispatchesOnCurrentThread();
    }

    StreamHandle openStream() {
        termination.requireRunning();
        return processor.openStream();
    }

    StreamSocket newSocket(StreamHandle handle) {
        return new StreamSocket(handle, context.operations(),
                new StreamInitiator(handle, leases, options.writeQueue()));
    }

    /** Returns the socket of a handle of a pool: the same one for the same handle. */
    StreamSocket pooledSocket(StreamHandle handle) {
        return handle.session() instanceof StreamSocket socket ? socket : newSocket(handle);
    }

    /** A handler threw, of an operation whose owner is not the one that it was about. */
    void handlerThrew(Throwable thrown, long operationId, Handle about) {
        context.listener().handlerThrew(thrown, operationId, about);
    }
}
