package io.proactor.spi;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the write queues of all sockets hold together, in bytes; its bound, and that of each. Any
 * thread.
 *
 * <p>One counter for all sockets is a place where cores meet; without a bound nothing is counted.
 */
public final class WriteBudget {

    private final long bytesMax;  // 0 for no bound
    private final WriteMarks marks;
    private final AtomicLong bytes = new AtomicLong();

    // Sockets that were refused and have not been told yet that there is room again: each once,
    // until it is told.
    private final Queue<StreamHandle> refused = new ConcurrentLinkedQueue<>();

    /** Without bounds of each queue. */
    public WriteBudget(long bytesMax) {
        this(bytesMax, WriteMarks.NONE);
    }

    /**
     * @param bytesMax of all queues together; 0 for no bound
     * @param marks the bounds of each queue
     */
    public WriteBudget(long bytesMax, WriteMarks marks) {
        this.bytesMax = bytesMax;
        this.marks = marks;
    }

    /** Returns the bounds of each queue. */
    WriteMarks marks() {
        return marks;
    }

    /** Returns the bytes that are booked; 0 without a bound. */
    public long bytes() {
        return bytes.get();
    }

    /**
     * Books bytes, unless the bound is reached: as for each queue, what goes beyond it is at most
     * one write.
     */
    boolean reserve(long count) {
        return bytesMax == 0 || add(count);
    }

    /** Books bytes whatever the bound. */
    void book(long count) {
        if (bytesMax > 0) {
            bytes.addAndGet(count);
        }
    }

    /** The handle, which was refused, is told when there is room. */
    void await(StreamHandle handle) {
        if (handle.joinsRefused()) {
            refused.add(handle);
        }
        if (bytes.get() <= low()) {
            tell();  // room came before the handle was on the list
        }
    }

    private boolean add(long count) {
        while (true) {
            long now = bytes.get();
            if (now >= bytesMax) {
                return false;
            }
            if (bytes.compareAndSet(now, now + count)) {
                return true;
            }
        }
    }

    /** Takes bytes off. */
    void release(long count) {
        if (bytesMax > 0 && bytes.addAndGet(-count) <= low()) {
            tell();
        }
    }

    /** Half of the bound, so that those who were refused do not come back for single bytes. */
    private long low() {
        return bytesMax / 2;
    }

    private void tell() {
        for (StreamHandle handle = refused.poll(); handle != null; handle = refused.poll()) {
            handle.onBudget();
        }
    }
}
