package io.proactor.benchmarks.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A request whose handler blocks, as if it asked a database: one of exactly so many bytes, where
 * the server was started with {@code -Dproactor.benchmarks.slow=true}. All servers serve it.
 */
public final class SlowRequest {

    /** Its length. No load uses it. */
    public static final int BYTES = 7;

    /** How long it takes. */
    public static final long NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final boolean SERVED = Boolean.getBoolean("proactor.benchmarks.slow");

    private SlowRequest() {}

    /** Blocks the calling thread if what was read is such a request. */
    static void serve(int bytes) {
        if (SERVED && bytes == BYTES) {
            long end = System.nanoTime() + NANOS;
            for (long left = NANOS; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
