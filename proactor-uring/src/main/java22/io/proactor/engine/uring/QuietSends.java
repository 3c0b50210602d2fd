package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Ring;
import java.util.Arrays;

/**
 * The sends of which the kernel tells only failure. Each is carried out while its entry is
 * submitted: MSG_DONTWAIT keeps it from ever being put off, and IOSQE_CQE_SKIP_SUCCESS from being
 * told if all of its bytes went out. One that went out in part, or not at all, posts a completion,
 * and does so before its submission returns.
 *
 * <p>Invariant: such a send is over, and its memory is free, exactly when (1) the kernel has taken
 * its entry, so that it was carried out; and (2) everything that the kernel has told until then was
 * taken out of the ring. Then it has gone out whole if and only if there was no completion of it.
 *
 * <ul>
 *   <li>(1) does not follow from the return of the call: it may take nothing (EINTR, EBUSY,
 *       EAGAIN) or a part. Nothing prepared means that all was taken.
 *   <li>(2) does not hold while the ring has overflowed: the completion may be among those that the
 *       kernel still keeps. It is entered once more then, and until it says that it keeps none.
 *   <li>If a completion is lost, the ring is: see {@link Ring#enter}. Then nothing is concluded
 *       from silence.
 * </ul>
 *
 * <p>While one of these is not over, nobody sleeps in the kernel: there is work behind it that no
 * completion would announce.
 *
 * <p>Threads: the loop's. Bound: one for each connection; grows to it.
 */
final class QuietSends {

    private static final int SENDS_MIN = 64;

    private long[] names = new long[SENDS_MIN];
    private int[] bytes = new int[SENDS_MIN];

    // 0 <= taken <= count: the first so many were taken by the kernel.
    private int count;
    private int taken;

    /** A send is prepared. */
    void add(long name, int byteCount) {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
            bytes = Arrays.copyOf(bytes, 2 * count);
        }
        names[count] = name;
        bytes[count++] = byteCount;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The ring was entered. */
    void entered(Ring ring) {
        if (ring.prepared() == 0) {
            taken = count;
        }
    }

    /**
     * After what the ring had was taken out of it, and before it is entered again: returns how many
     * are over, the oldest ones, once what was taken out is told.
     */
    int over(Ring ring) {
        return ring.overflowed() || ring.ready() > 0 ? 0 : taken;
    }

    long name(int index) {
        assert index < taken : "the kernel may not have seen it";
        return names[index];
    }

    int bytes(int index) {
        return bytes[index];
    }

    /** The oldest so many are over, and that was told. */
    void remove(int over) {
        assert over <= taken;
        count -= over;
        taken -= over;
        System.arraycopy(names, over, names, 0, count);
        System.arraycopy(bytes, over, bytes, 0, count);
    }
}
