package io.proactor.samples.chat;

import io.proactor.samples.cli.LimitedLog;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the clients that were cut because they did not read, and logs some of them. Any thread.
 */
final class SlowReaders {

    private static final System.Logger LOG = System.getLogger("io.proactor.samples.chat");

    private final LimitedLog log;
    private final LongAdder count = new LongAdder();

    SlowReaders(LongSupplier clock) {
        log = new LimitedLog(LOG, Level.INFO, clock);
    }

    void cut(@Nullable SocketAddress remote, long bytesQueued) {
        count.increment();
        log.log(() -> "The client at " + remote + " was cut: " + bytesQueued
                + " bytes wait for it.");
    }

    long count() {
        return count.sum();
    }
}
