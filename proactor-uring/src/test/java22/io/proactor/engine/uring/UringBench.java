package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.PendingOperation;
import io.proactor.Proactor;
import io.proactor.ProactorListener;
import io.proactor.ProactorOptions;
import io.proactor.ProactorStatistics;
import io.proactor.StreamSocket;
import io.proactor.contract.Descriptors;
import io.proactor.contract.Until;
import io.proactor.engine.uring.ffm.RingFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A proactor over rings that are watched, with its connections. At its end everything must be back:
 * operations, requests, descriptors and threads, and every handler called once.
 */
final class UringBench implements AutoCloseable {

    private static final int PEER_MILLIS = 20_000;

    /** A connection: the library's end, and the other one. */
    record Link(StreamSocket socket, Socket peer) {

        void send(byte[] bytes) throws IOException {
            peer.getOutputStream().write(bytes);
        }

        byte[] take(int count) throws IOException {
            return peer.getInputStream().readNBytes(count);
        }
    }

    private final Set<String> descriptorsBefore = Descriptors.list();
    private final RingWatch watch = new RingWatch();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Queue<PendingOperation> heldUp = new ConcurrentLinkedQueue<>();
    private final Queue<Call<?>> calls = new ConcurrentLinkedQueue<>();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Proactor proactor;
    private boolean lossExpected;

    static {
        // What the JDK opens once and keeps, it is to open before the first count.
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort());
                Socket accepted = server.accept()) {
            accepted.setSoTimeout(PEER_MILLIS);
            client.getOutputStream().write(1);
            accepted.getInputStream().read();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** With one loop, on which the handlers run. */
    UringBench(RingFactory factory) throws IOException {
        this(factory, Availability.get().usable(), UnaryOperator.identity());
    }

    /** As above; each send posts a completion, which can be held back. */
    static UringBench withoutQuietSends(RingFactory factory) throws IOException {
        Features all = Availability.get().usable();
        return new UringBench(factory, new Features(all.setupFlags(), all.buffers(),
                all.multishot(), false, all.ringClose(), all.links(),
                all.sendFile()), UnaryOperator.identity());
    }

    UringBench(RingFactory factory, Features features, UnaryOperator<ProactorOptions> change)
            throws IOException {
        ProactorOptions options = ProactorOptions.defaults().withLoops(1).withLoopDispatcher()
                .withThreads(this::newThread).withListener(new ProactorListener() {
                    @Override
                    public void processorFailed(Throwable failure) {
                        failures.add(failure);
                    }

                    @Override
                    public void shutdownHeldUp(Duration since, List<PendingOperation> pending) {
                        heldUp.addAll(pending);
                    }

                    @Override
                    public void handlerThrew(Throwable thrown, long id, Object session) {
                        failures.add(thrown);
                    }

                    @Override
                    public void acceptFailed(Acceptor acceptor, Throwable failure,
                            Duration pause) {
                        // It tries again by itself.
                    }
                });
        proactor = WatchedUringProvider.open(change.apply(options), features,
                watch.around(factory));
    }

    private Thread newThread(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    Proactor proactor() {
        return proactor;
    }

    RingWatch watch() {
        return watch;
    }

    /** Returns what a shutdown was said to be held up by. */
    Queue<PendingOperation> heldUp() {
        return heldUp;
    }

    Queue<Throwable> failures() {
        return failures;
    }

    /** A ring will break: what was in flight in it then is left, and the listener is told. */
    void expectLoss() {
        lossExpected = true;
    }

    <V> Call<V> call() {
        Call<V> call = new Call<>();
        calls.add(call);
        return call;
    }

    /** Has something closed at the end. */
    <T extends AutoCloseable> T keep(T resource) {
        synchronized (resources) {
            resources.push(resource);
        }
        return resource;
    }

    Acceptor listen() throws IOException {
        return keep(proactor.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ListenOptions.defaults()));
    }

    /** Returns a connection that the library has accepted. */
    Link accepted(Acceptor acceptor) throws Exception {
        Call<Accepted> accept = call();
        acceptor.accept(null, accept);
        InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
        Socket peer = keep(new Socket(address.getAddress(), address.getPort()));
        peer.setTcpNoDelay(true);
        peer.setSoTimeout(PEER_MILLIS);
        return new Link(keep(accept.value().socket()), peer);
    }

    /**
     * Lets the loop come round, so that what was initiated before is in the ring: between one enter
     * and the one after it, the loop takes all commands. One post need not make it come round.
     */
    void turns() throws InterruptedException {
        int enough = watch.enters.get() + 2;
        while (watch.enters.get() < enough) {
            Call<String> posted = call();
            proactor.post("", null, posted);
            posted.await();
        }
    }

    /** Closes what the test opened, and looks whether everything comes back. */
    @Override
    public void close() {
        try {
            settle();
        } catch (Exception e) {
            throw new AssertionError("The end did not come to pass.", e);
        }
    }

    private void settle() throws Exception {
        watch.release();
        for (AutoCloseable each : resources) {
            each.close();
        }
        Until.until("nothing is outstanding: " + proactor + ", " + watch,
                () -> proactor.statistics().outstanding() == 0);
        ProactorStatistics end = proactor.statistics();
        assertThat(end.issued()).as("issued: " + end)
                .isEqualTo(end.completed() + end.failed() + end.cancelled() + end.timedOut());
        proactor.shutdown(Duration.ofSeconds(2));
        assertThat(proactor.awaitTermination(Duration.ofSeconds(Until.PATIENCE_SECONDS))).isTrue();
        assertThat(calls).as("handlers that were not called once")
                .allMatch(each -> each.calls() == 1);
        Until.until("no thread is left", () -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(watch.requests).as("requests in flight").hasValue(0);
        if (!lossExpected) {
            assertThat(failures).as("failures of the processor").isEmpty();
            assertThat(watch.leftAtClose).as("requests in flight in rings that were closed")
                    .hasValue(0);
        }
        Until.until("no descriptor is left",
                () -> Descriptors.openedSince(descriptorsBefore).isEmpty());
    }

}
