package io.proactor.operation;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file that is sent, and how many sends still need it. It is given back when it has been
 * closed and the last send has let it go: a descriptor that was closed earlier may be somebody
 * else's while its number is still in use.
 *
 * <p>Threads: any, for all methods.
 */
public abstract class FileSource {

    /*
     * CLOSED, or 0 while it is open; plus the number of holds. Whoever takes the word to exactly
     * CLOSED gives the file back, and nobody else; from there the word never changes again, since
     * a hold is given only while it is open.
     */
    private static final int CLOSED = 1 << 31;

    private final AtomicInteger word = new AtomicInteger();

    /** For processors: open, and held by nobody. */
    protected FileSource() {}

    /** False, and nothing is held, once {@link #close} was called. */
    public final boolean hold() {
        for (int now = word.get(); now >= 0; now = word.get()) {
            if (word.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Ends one hold. */
    public final void letGo() {
        int left = word.decrementAndGet();
        assert (left & ~CLOSED) != ~CLOSED : "let go more often than held";
        if (left == CLOSED) {
            giveBack();
        }
    }

    /** There will be no further hold. Any number of times. */
    public final void close() {
        if (word.getAndUpdate(now -> now | CLOSED) == 0) {
            giveBack();
        }
    }

    /** False from the first close. */
    public final boolean isOpen() {
        return word.get() >= 0;
    }

    /** While it is held: returns how many bytes the file has now. */
    public abstract long bytes() throws IOException;

    /** Nobody needs the file any more. Called once. */
    protected abstract void giveBack();
}
