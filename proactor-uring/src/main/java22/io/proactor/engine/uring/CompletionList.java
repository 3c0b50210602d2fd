package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Ring;
import java.util.Arrays;

/**
 * Completions that were taken from the ring and not looked at yet, oldest first. They are taken
 * first and looked at afterwards, so that nobody submits while the queue is being walked.
 *
 * <p>Threads: the loop's. Bound: what the kernel has to tell, at most one for each request in
 * flight and one for each cancel; grows to it.
 */
final class CompletionList {

    private long[] names;
    private int[] results;
    private int[] flags;
    private int first;
    private int count;

    CompletionList(int capacity) {
        names = new long[capacity];
        results = new int[capacity];
        flags = new int[capacity];
    }

    boolean isEmpty() {
        return first == count;
    }

    /** Takes what the ring has, if this is empty; or all of it, in addition to what is here. */
    void reap(Ring ring) {
        if (isEmpty()) {
            first = 0;
            count = ring.reap(names, results, flags);
        } else {
            add(ring);
        }
    }

    /** The ring must be relieved although this is not empty: rare, so it may cost a copy. */
    private void add(Ring ring) {
        CompletionList more = new CompletionList(names.length);
        for (more.reap(ring); !more.isEmpty(); more.reap(ring)) {
            if (count + more.count > names.length) {
                grow(count + more.count);
            }
            System.arraycopy(more.names, 0, names, count, more.count);
            System.arraycopy(more.results, 0, results, count, more.count);
            System.arraycopy(more.flags, 0, flags, count, more.count);
            count += more.count;
            more.first = more.count;
        }
    }

    private void grow(int needed) {
        int capacity = Math.max(needed, 2 * names.length);
        names = Arrays.copyOf(names, capacity);
        results = Arrays.copyOf(results, capacity);
        flags = Arrays.copyOf(flags, capacity);
    }

    /** Returns the index of the oldest, and takes it out; there must be one. */
    int next() {
        assert !isEmpty();
        return first++;
    }

    long name(int index) {
        return names[index];
    }

    int result(int index) {
        return results[index];
    }

    int flags(int index) {
        return flags[index];
    }
}
