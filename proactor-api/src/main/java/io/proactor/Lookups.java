package io.proactor;

import io.proactor.spi.ProcessorContext;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Runs lookups of host names, which block for as long as the system's resolver likes, on threads
 * that live no longer than there are lookups.
 */
final class Lookups {

    /**
     * So that one host whose name server is silent does not keep others waiting, and a thousand
     * such hosts take no thousand threads.
     */
    static final int AT_A_TIME = 8;

    // Guarded by this. Holds at most one lookup for each connect that is pending.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int threads;  // that look after the queue

    /** Runs a lookup soon, on a thread of the {@code context}'s if need be. Any thread. */
    void run(Runnable lookup, ProcessorContext context) {
        synchronized (this) {
            waiting.add(lookup);
            if (threads == AT_A_TIME) {
                return;
            }
            threads++;
        }
        boolean started = false;
        try {
            context.environment().start(context.newThread("resolver", this::work));
            started = true;
        } finally {
            if (!started) {
                withdraw(lookup);
            }
        }
    }

    private synchronized void withdraw(Runnable lookup) {
        threads--;
        waiting.remove(lookup);
    }

    private void work() {
        for (Runnable lookup = next(); lookup != null; lookup = next()) {
            lookup.run();
        }
    }

    /** Returns null if there is none; then the thread is not counted any more. */
    private synchronized @Nullable Runnable next() {
        Runnable lookup = waiting.poll();
        if (lookup == null) {
            threads--;
        }
        return lookup;
    }
}
