package io.proactor.samples.chat;

import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the clients that were cut because they did not read, and logs some of them. Any thread.
 */
final class SlowReaders {

    private static final System.Logger LOG = System.getLogger("io.proactor.samples.chat");

    /** Lines in the log: when many are cut at once, their number says more than their names. */
    private static final int LOGGED_PER_SECOND = 10;

    // Guarded by this.
    private final TokenBucket logged;
    private long count;
    private long suppressed;

    private final LongSupplier clock;

    SlowReaders(LongSupplier clock) {
        this.clock = clock;
        logged = new TokenBucket(LOGGED_PER_SECOND, clock.getAsLong());
    }

    synchronized void cut(@Nullable SocketAddress remote, long bytesQueued) {
        count++;
        if (!logged.take(clock.getAsLong())) {
            suppressed++;
            return;
        }
        LOG.log(Level.INFO, "The client at " + remote + " was cut: " + bytesQueued
                + " bytes wait for it"
                + (suppressed == 0 ? "." : "; " + suppressed + " more were cut, but not logged."));
        suppressed = 0;
    }

    synchronized long count() {
        return count;
    }
}
