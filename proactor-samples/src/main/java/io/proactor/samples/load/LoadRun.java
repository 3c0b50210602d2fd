package io.proactor.samples.load;

import io.proactor.Proactor;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run of the load, from the first connect to the last close. To be used once. */
final class LoadRun {

    /** How long answers are waited for after the last message. */
    private static final int DRAIN_SECONDS = 10;

    private final LoadPlan plan;
    private final PrintStream progress;
    private final LoadTotals totals = new LoadTotals();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final CountDownLatch left;

    // Owner: the thread that runs.
    private long beginNanos;
    private long toldMessages;
    private long toldBytes;
    private long toldNanos;

    LoadRun(LoadPlan plan, Proactor proactor, PrintStream progress) {
        this.plan = plan;
        this.progress = progress;
        left = new CountDownLatch(plan.connections());
        for (int i = 0; i < plan.connections(); i++) {
            connections.add(new LoadConnection(i, plan, proactor, totals, left::countDown));
        }
    }

    LoadReport run(SocketAddress remote) throws InterruptedException {
        connect(remote);
        beginNanos = System.nanoTime();
        toldNanos = beginNanos;
        connections.forEach(LoadConnection::begin);
        watch(plan.seconds());
        connections.forEach(LoadConnection::stop);
        watch(DRAIN_SECONDS);
        connections.forEach(connection -> connection.giveUp(
                "Not everything had been answered after " + DRAIN_SECONDS + " seconds."));
        if (!left.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
            totals.failed(left.getCount() + " connections do not even end.");
        }
        return new LoadReport(plan, totals, System.nanoTime() - beginNanos);
    }

    private void connect(SocketAddress remote) throws InterruptedException {
        ConnectRamp ramp = new ConnectRamp(connections, remote);
        ramp.begin();
        while (!ramp.await(1, TimeUnit.SECONDS)) {
            progress.println("connecting");
        }
    }

    /** Tells of the progress once a second until the time or the last connection is over. */
    private void watch(int seconds) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long waitNanos = TimeUnit.SECONDS.toNanos(1);
        while (!left.await(waitNanos, TimeUnit.NANOSECONDS)) {
            tell();
            long leftNanos = endNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return;
            }
            waitNanos = Math.min(leftNanos, TimeUnit.SECONDS.toNanos(1));
        }
    }

    private void tell() {
        long now = System.nanoTime();
        long messages = totals.messages();
        long bytes = totals.bytes();
        double seconds = (now - toldNanos) / 1e9;
        progress.printf(Locale.ROOT,
                "%3d s: %,.0f messages/s, %,.2f MiB/s, %d connections, %d errors%n",
                Math.round((now - beginNanos) / 1e9), (messages - toldMessages) / seconds,
                (bytes - toldBytes) / seconds / (1 << 20), left.getCount(), totals.failures());
        toldMessages = messages;
        toldBytes = bytes;
        toldNanos = now;
    }
}
