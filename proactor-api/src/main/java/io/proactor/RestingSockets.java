package io.proactor;

import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of a pool that wait for a connection: made in advance, or given back. A burst may
 * leave more behind than are ever needed again; those that nobody has needed for a while are
 * closed, down to the minimum.
 *
 * <p>Threads: any. Bound: the pool's, since a socket rests only in a free slot.
 */
final class RestingSockets {

    /** How long sockets must have been idle to be closed. Longer than the pauses of a busy day. */
    static final long IDLE_SECONDS = 30;

    private final int minimum;
    private final Supplier<Timer> timers;

    // Guarded by this, which is not held while a handle or a timer is called.
    private final Deque<StreamHandle> resting = new ArrayDeque<>();  // the last one in, first out
    private int fewest;             // that rested at any moment since the last look
    private boolean watched;        // true exactly while the timer is scheduled
    private boolean ended;          // true exactly from the end
    private @Nullable Timer timer;  // made when first needed

    RestingSockets(int minimum, Supplier<Timer> timers) {
        this.minimum = minimum;
        this.timers = timers;
    }

    /** Returns a socket that is open and not connected, or null. */
    @Nullable StreamHandle take() {
        while (true) {
            StreamHandle handle;
            synchronized (this) {
                handle = resting.pollFirst();
                fewest = Math.min(fewest, resting.size());
            }
            if (handle == null || handle.isOpen()) {
                return handle;
            }
        }
    }

    /**
     * Takes a socket that is open and not connected.
     *
     * @param openAhead true if the socket is to have a descriptor for its next connect
     * @return false if this is over, so that the socket was closed
     */
    boolean put(StreamHandle handle, boolean openAhead) {
        if (openAhead) {
            try {
                handle.openAhead();
            } catch (IOException e) {
                // For want of descriptors, say. The connect tries again, and then it is told.
                assert e.getMessage() != null;
            }
        }
        boolean surplus;
        synchronized (this) {
            surplus = ended;
            if (!ended) {
                resting.addFirst(handle);
            }
        }
        if (surplus) {
            handle.close();
        } else {
            watch();
        }
        return !surplus;
    }

    synchronized int size() {
        return resting.size();
    }

    int minimum() {
        return minimum;
    }

    /** The pool is of no more use. Any number of times. */
    void end() {
        Timer last;
        synchronized (this) {
            ended = true;
            last = timer;
        }
        if (last != null) {
            last.close();
        }
        closeDownTo(0);
    }

    // ---- Trimming -----------------------------------------------------------------------------

    private void watch() {
        synchronized (this) {
            if (watched || ended || resting.size() <= minimum) {
                return;
            }
            watched = true;
        }
        try {
            timer().schedule(IDLE_SECONDS, TimeUnit.SECONDS, null, new Look());
        } catch (RejectedExecutionException e) {
            // The proactor is being shut down, and the pool with it.
            synchronized (this) {
                watched = false;
            }
        }
    }

    /** The one caller is the one that has set {@link #watched}. */
    private Timer timer() {
        synchronized (this) {
            if (timer != null) {
                return timer;
            }
        }
        Timer made = timers.get();
        boolean late;
        synchronized (this) {
            timer = made;
            late = ended;
        }
        if (late) {
            made.close();
        }
        return made;
    }

    private final class Look implements CompletionHandler<@Nullable Void, @Nullable Void> {
        @Override
        public void completed(@Nullable Void result, @Nullable Void none) {
            int idle;
            synchronized (RestingSockets.this) {
                watched = false;
                idle = Math.max(0, fewest - minimum);
                fewest = resting.size() - idle;
            }
            trim(idle);
            watch();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            // The timer was closed: this is the end.
        }
    }

    /** Closes so many of those that have rested the longest. */
    void trim(int count) {
        closeDownTo(Math.max(0, size() - count));
    }

    private void closeDownTo(int left) {
        while (true) {
            StreamHandle handle;
            synchronized (this) {
                if (resting.size() <= left) {
                    return;
                }
                handle = resting.pollLast();
            }
            handle.close();
        }
    }
}
