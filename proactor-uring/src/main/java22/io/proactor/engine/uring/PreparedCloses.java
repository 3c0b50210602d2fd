package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SystemCalls;
import java.util.Arrays;

/**
 * The descriptors that a ring is to close, from when that is prepared until the kernel has taken
 * it. It is done then, or will be: no completion tells of it. If the ring breaks before, they are
 * closed in the ordinary way.
 *
 * <p>Threads: the loop's. Bound: the entries of the submission queue.
 */
final class PreparedCloses {

    private static final int CLOSES_MIN = 16;

    private int[] descriptors = new int[CLOSES_MIN];
    private long[] entries = new long[CLOSES_MIN];  // by number, ascending
    private int count;

    /** @param entry its number among all that were ever prepared in the ring */
    void add(int descriptor, long entry) {
        if (count == descriptors.length) {
            descriptors = Arrays.copyOf(descriptors, 2 * count);
            entries = Arrays.copyOf(entries, 2 * count);
        }
        descriptors[count] = descriptor;
        entries[count++] = entry;
    }

    /** The kernel has taken this entry and all before it. */
    void taken(long entry) {
        int first = 0;
        while (first < count && entries[first] <= entry) {
            first++;
        }
        if (first > 0) {
            count -= first;
            System.arraycopy(descriptors, first, descriptors, 0, count);
            System.arraycopy(entries, first, entries, 0, count);
        }
    }

    /** The kernel takes nothing any more. */
    void closeRest() {
        while (count > 0) {
            SystemCalls.close(descriptors[--count]);
        }
    }
}
