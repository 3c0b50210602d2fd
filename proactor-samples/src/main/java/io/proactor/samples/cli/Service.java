package io.proactor.samples.cli;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ShutdownReport;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server's life: it says that it is ready, serves until it is told to stop, drains, and says what
 * was finished and what was cut. SIGTERM, Ctrl-C and {@link #stop} tell it.
 */
public final class Service {

    private static final System.Logger LOG = System.getLogger("io.proactor.samples");

    /** How long what is at work may take to finish. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** How long the whole end may take: handlers that do not return are not waited for. */
    private static final Duration END = Duration.ofSeconds(15);

    private final Proactor proactor;
    private final PrintStream out;
    private final Runnable farewell;
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Makes a service.
     *
     * @param out where the service says that it is ready, and what became of it
     * @param farewell called when the service is told to stop, before it begins to drain
     */
    public Service(Proactor proactor, PrintStream out, Runnable farewell) {
        this.proactor = proactor;
        this.out = out;
        this.farewell = farewell;
    }

    /** Says that the server is ready. From here on a signal ends it in good order. */
    public void ready(Acceptor acceptor, InetSocketAddress local) {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onSignal, "end"));
        out.println("listening on " + Endpoint.text(listening(acceptor, local))
                + " processor=" + proactor.processor());
        out.flush();
    }

    /** Waits until the server has ended, and returns its exit code. */
    public int awaitEnd() throws InterruptedException {
        proactor.awaitTermination();
        ShutdownReport report = proactor.shutdown(GRACE).toCompletableFuture().join();
        out.println("shut down in " + report.elapsed().toMillis() + " ms: " + report.finished()
                + " operations were finished, " + report.aborted() + " were cut");
        out.flush();
        ended.countDown();
        return 0;
    }

    /** Begins to drain, and returns at once. Any thread, any number of times. */
    public void stop() {
        farewell.run();
        proactor.shutdown(GRACE);
    }

    /**
     * The address that was asked for, since a wildcard is reported differently; the port we got.
     */
    private static InetSocketAddress listening(Acceptor acceptor, InetSocketAddress local) {
        int port = ((InetSocketAddress) acceptor.localAddress()).getPort();
        return new InetSocketAddress(local.getAddress(), port);
    }

    /** The JVM's shutdown hook. */
    private void onSignal() {
        stop();
        boolean inTime = false;
        try {
            inTime = ended.await(END.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!inTime) {
            LOG.log(Level.ERROR, "A handler does not return; the server ends without it.");
        }
        // A JVM that a signal ends would exit with 128 + the signal, whatever its hooks achieved. A
        // server that drained did what it was told, which is exit code 0. Nothing is lost by it:
        // awaitEnd has flushed the output, and nothing else is at work.
        Runtime.getRuntime().halt(inTime ? 0 : 1);
    }
}
