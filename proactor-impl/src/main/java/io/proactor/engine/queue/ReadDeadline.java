package io.proactor.engine.queue;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Deadline;
import io.proactor.operation.ReadOperation;
import org.jspecify.annotations.Nullable;

/**
 * When the loop looks at the deadline of a connection's read. Armed for one read, it stays when
 * that one is complete: most later reads have a later deadline, of which nobody need tell the loop,
 * since it will see that for itself when it looks. So reads with the same timeout, one after the
 * other, cost one look in that time, not an arming each.
 *
 * <p>Methods belong to the loop's thread unless they say so.
 */
final class ReadDeadline {

    private final SelectorStreamHandle handle;

    private @Nullable Deadline armed;  // null exactly while the loop is not going to look

    // When the loop looks, as System.nanoTime tells; any value while covered is false. The loop's;
    // any thread reads it.
    private volatile long lookNanos;

    // True exactly while armed is not null. The loop writes it, after lookNanos; any thread reads
    // it after it has initiated a read. Cleared before the loop looks whether one is pending, so
    // that one of the two sees the other.
    private volatile boolean covered;

    ReadDeadline(SelectorStreamHandle handle) {
        this.handle = handle;
    }

    /** Any thread. True if the loop looks before that read, which is PENDING, has timed out. */
    boolean covers(ReadOperation read) {
        return read.timeoutNanos() == 0 || covered && lookNanos - dueNanos(read) <= 0;
    }

    /** A read is taken up. */
    void arm(ReadOperation read) {
        if (covers(read)) {
            return;
        }
        disarm();
        lookNanos = dueNanos(read);
        armed = handle.loop().deadlines().arm(handle, null, lookNanos);
        covered = true;
    }

    /** The loop was told to look. True if the read is pending and has timed out. */
    boolean come(ReadOperation read) {
        armed = null;
        covered = false;
        if (!read.pending() || read.aborting() != null) {
            return false;
        }
        if (read.timeoutNanos() > 0 && dueNanos(read) - System.nanoTime() <= 0) {
            return true;
        }
        arm(read);
        return false;
    }

    void disarm() {
        Deadline unused = armed;
        if (unused != null) {
            covered = false;
            armed = null;
            unused.disarm();
        }
    }

    private static long dueNanos(AsynchronousOperation read) {
        return read.initiatedNanos() + read.timeoutNanos();
    }
}
