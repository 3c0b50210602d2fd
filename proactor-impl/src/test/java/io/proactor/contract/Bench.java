package io.proactor.contract;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What one test works with: proactors under test, their peers, and everything that must be given
 * back at the end. {@link Settlement} gives it back and looks whether the library does so too.
 */
final class Bench {

    /** Handlers at a time, where the dispatcher has a number: enough to overlap if they may. */
    static final int CONCURRENCY = 4;

    /** More than one, so that connections are spread; few, so that they share. */
    static final int LOOPS = 2;

    /** So many that a queue is full only where a test is about that. */
    private static final long QUEUE_BYTES = 1L << 32;

    private final String processor;
    private final Dispatch dispatch;
    private final Settlement settlement = new Settlement();
    private final ListenerRecord listener = new ListenerRecord();
    private final List<Thread> libraryThreads = new CopyOnWriteArrayList<>();
    private final ExecutorService helpers =
            Executors.newCachedThreadPool(task -> daemon(task, "peer"));

    private Proactor proactor;
    private Acceptor acceptor;
    private ServerSocket server;
    private ExecutorService executor;

    Bench(String processor, Dispatch dispatch) throws IOException {
        this.processor = processor;
        this.dispatch = dispatch;
    }

    // ---- The library's side -------------------------------------------------------------------

    Dispatch dispatch() {
        return dispatch;
    }

    String processor() {
        return processor;
    }

    ListenerRecord listener() {
        return listener;
    }

    /** Returns the threads that the library has had made so far. */
    List<Thread> libraryThreads() {
        return libraryThreads;
    }

    /** Returns the options of the combination under test. */
    ProactorOptions options() {
        ProactorOptions options = ProactorOptions.defaults().withProcessor(processor)
                .withLoops(LOOPS).withWriteQueue(QUEUE_BYTES, 1 << 16).withListener(listener)
                .withThreads(this::libraryThread);
        return switch (dispatch) {
            case LOOP -> options.withLoopDispatcher();
            case POOLED -> options.withPooledDispatcher(CONCURRENCY);
            case EXECUTOR -> options.withExecutorDispatcher(executor());
        };
    }

    /** Returns the proactor under test; opens it if need be. */
    Proactor proactor() throws IOException {
        return proactor != null ? proactor : open(options -> options);
    }

    /** Opens the proactor under test with other options. */
    Proactor open(UnaryOperator<ProactorOptions> change) throws IOException {
        proactor = settlement.add(Proactor.open(change.apply(options())));
        return proactor;
    }

    /**
     * Opens the proactor under test with one loop, and with a processor whose calls meet faults.
     */
    Proactor openWithFaults(Faults faults) throws IOException {
        proactor = settlement.add(FaultInjection.open(options().withLoops(1), faults));
        return proactor;
    }

    /** Opens an acceptor on a port of its own. */
    Acceptor listen(ListenOptions options) throws IOException {
        return settlement.add(proactor().listen(loopback(0), options));
    }

    // ---- Connections --------------------------------------------------------------------------

    /** Returns a new connection that the library has accepted. */
    Pair accepted() throws Exception {
        if (acceptor == null) {
            acceptor = listen(ListenOptions.defaults());
        }
        return accepted(acceptor);
    }

    /** Returns a new connection that {@code from} has accepted. */
    Pair accepted(Acceptor from) throws Exception {
        Recorder<Accepted> accept = recorder();
        from.accept(null, accept);
        Peer peer = connectTo(from);
        return new Pair(this, keep(accept.value().socket()), peer);
    }

    /** Returns a new connection that the library has made. */
    Pair connected() throws Exception {
        if (server == null) {
            server = server(1_024);
        }
        Recorder<StreamSocket> connect = recorder();
        proactor().connect(server.getLocalSocketAddress(), null, connect);
        Peer peer = keep(new Peer(server.accept()));
        return new Pair(this, keep(connect.value()), peer);
    }

    /** Returns a peer that is connected to an acceptor. */
    Peer connectTo(Acceptor to) throws IOException {
        return keep(Peer.to(to.localAddress()));
    }

    /** Returns a listening socket that is none of the library's. */
    ServerSocket server(int backlog) throws IOException {
        ServerSocket listening =
                keep(new ServerSocket(0, backlog, InetAddress.getLoopbackAddress()));
        listening.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Until.PATIENCE_SECONDS));
        return listening;
    }

    /** Returns an address where nobody listens. */
    static InetSocketAddress closedPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return loopback(taken.getLocalPort());
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    // ---- The test's side ----------------------------------------------------------------------

    /** Returns a handler that records. */
    <V> Recorder<V> recorder() {
        return recorder(call -> {});
    }

    /** Returns a handler that records, and then does something inside the call. */
    <V> Recorder<V> recorder(Consumer<? super Recorder<V>> body) {
        return settlement.add(new Recorder<V>(body));
    }

    /** Has something closed after the test, if it is not before. */
    <T extends AutoCloseable> T keep(T resource) {
        settlement.addResource(resource);
        return resource;
    }

    /** Returns a gate that is opened after the test at the latest, so that nobody stands there. */
    CountDownLatch gate() {
        return settlement.addGate(new CountDownLatch(1));
    }

    /** Waits at a gate. */
    static void pass(CountDownLatch gate) {
        try {
            if (!gate.await(Until.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("Nobody opened the gate.");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs something on a thread of the test's own. */
    <T> Future<T> start(Callable<T> task) {
        return helpers.submit(task);
    }

    /** Waits for what was started. */
    static <T> T join(Future<T> started) throws Exception {
        return started.get(Until.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the test; see {@link Settlement}. */
    void settle() throws Exception {
        try {
            settlement.settle(listener);
        } finally {
            helpers.shutdownNow();
            if (executor != null) {
                executor.shutdownNow();
            }
        }
    }

    /** Returns the executor of the executor dispatcher. */
    ExecutorService executor() {
        if (executor == null) {
            executor = Executors.newFixedThreadPool(CONCURRENCY, task -> daemon(task, "executor"));
        }
        return executor;
    }

    private Thread libraryThread(Runnable body) {
        Thread thread = daemon(body, "unnamed");
        libraryThreads.add(thread);
        return thread;
    }

    private static Thread daemon(Runnable body, String role) {
        Thread thread = new Thread(body, "contract-" + role);
        thread.setDaemon(true);
        return thread;
    }
}
